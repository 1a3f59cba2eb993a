package dev.anystore.spi;

import java.nio.file.Path;

/**
 * A part of a file on this machine. Each user opens the file for itself: an interrupt during a transfer closes the
 * channel for everybody who shares it.
 *
 * @param file the file
 * @param position the first byte
 * @param length the number of bytes
 */
public record FileRegion(Path file, long position, long length) {}
