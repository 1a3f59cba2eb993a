/** Backblaze B2 through its own API. Applications name nothing of it. */
@NullMarked
package dev.anystore.b2;

import org.jspecify.annotations.NullMarked;
