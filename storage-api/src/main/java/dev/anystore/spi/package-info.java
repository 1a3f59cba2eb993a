/**
 * What a provider implements: {@link dev.anystore.spi.StorageProvider}, found by {@link java.util.ServiceLoader}, and
 * {@link dev.anystore.spi.StorageBackend}, a few blocking verbs without retries or part logic. Optional powers
 * ({@link dev.anystore.spi.Multipart}, {@link dev.anystore.spi.ServerCopy}, …) are separate small interfaces.
 */
@NullMarked
package dev.anystore.spi;

import org.jspecify.annotations.NullMarked;
