@NullMarked
package dev.anystore.local;

import org.jspecify.annotations.NullMarked;
