@NullMarked
package dev.anystore.azure;

import org.jspecify.annotations.NullMarked;
