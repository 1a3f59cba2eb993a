package dev.anystore;

/**
 * What was moved.
 *
 * @param files how many files or objects
 * @param bytes of all together
 */
public record TreeResult(long files, long bytes) {}
