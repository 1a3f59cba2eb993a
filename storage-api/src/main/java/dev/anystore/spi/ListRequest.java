package dev.anystore.spi;

import org.jspecify.annotations.Nullable;

/**
 * One page of a listing, in the order of UTF-8 bytes.
 *
 * @param prefix of the keys; may be empty
 * @param startAfter only keys behind this one, or null
 * @param delimiter folds keys behind the prefix at its first occurrence, or null
 * @param pageSize how many objects and prefixes at most; 1 to the limit of the store
 * @param pageToken of the page before, or null for the first; all else is then as it was
 */
public record ListRequest(
        String prefix,
        @Nullable String startAfter,
        @Nullable String delimiter,
        int pageSize,
        @Nullable String pageToken) {}
