@NullMarked
package dev.anystore.b2;

import org.jspecify.annotations.NullMarked;
