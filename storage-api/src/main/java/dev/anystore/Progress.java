package dev.anystore;

/**
 * How far a transfer is.
 *
 * @param bytes moved so far; never falls, and equals {@code totalBytes} when the transfer has succeeded
 * @param totalBytes of the object, or -1 while its end is not known
 * @param parts finished
 * @param totalParts of the plan, or -1 while the end is not known; 1 where the object goes in one request
 * @param retries requests that were made again
 * @param resumedParts of those that are finished: how many an earlier run had moved, see {@link StoreOptions#withJournal}
 */
public record Progress(long bytes, long totalBytes, int parts, int totalParts, int retries, int resumedParts) {
    /** A transfer that was not resumed. */
    public Progress(long bytes, long totalBytes, int parts, int totalParts, int retries) {
        this(bytes, totalBytes, parts, totalParts, retries, 0);
    }
}
