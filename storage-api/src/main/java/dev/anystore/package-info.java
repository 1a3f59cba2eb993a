/**
 * One API for every object store. Begin with {@link dev.anystore.StorageConfig#getDefault()}, open an
 * {@link dev.anystore.ObjectStore}, and close it when done.
 */
@NullMarked
package dev.anystore;

import org.jspecify.annotations.NullMarked;
