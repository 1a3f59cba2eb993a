package dev.anystore;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a listing is made. Immutable; {@link #DEFAULT} lists everything in full pages. */
public final class ListOptions {
    /** Everything in full pages. */
    public static final ListOptions DEFAULT = new ListOptions(null, 0, null, null);

    private final @Nullable String startAfter;
    private final int pageSize;
    private final @Nullable String delimiter;
    private final @Nullable String pageToken;

    private ListOptions(
            @Nullable String startAfter, int pageSize, @Nullable String delimiter, @Nullable String pageToken) {
        this.startAfter = startAfter;
        this.pageSize = pageSize;
        this.delimiter = delimiter;
        this.pageToken = pageToken;
    }

    /** The same only with keys behind this one; null begins at the first. */
    public ListOptions withStartAfter(@Nullable String value) {
        return new ListOptions(value, pageSize, delimiter, pageToken);
    }

    /** The same with pages of at most so many objects and prefixes; 0 is as many as the store gives unasked. */
    public ListOptions withPageSize(int value) {
        return new ListOptions(startAfter, value, delimiter, pageToken);
    }

    /** The same with keys folded at the delimiter; only for {@link ObjectStore#listPage}. Null folds nothing. */
    public ListOptions withDelimiter(@Nullable String value) {
        return new ListOptions(startAfter, pageSize, value, pageToken);
    }

    /** The same with the page that this token names; only for {@link ObjectStore#listPage}. Null is the first. */
    public ListOptions withPageToken(@Nullable String value) {
        return new ListOptions(startAfter, pageSize, delimiter, value);
    }

    /** What {@link #withStartAfter} set. */
    public Optional<String> startAfter() {
        return Optional.ofNullable(startAfter);
    }

    /** What {@link #withPageSize} set. */
    public int pageSize() {
        return pageSize;
    }

    /** What {@link #withDelimiter} set. */
    public Optional<String> delimiter() {
        return Optional.ofNullable(delimiter);
    }

    /** What {@link #withPageToken} set. */
    public Optional<String> pageToken() {
        return Optional.ofNullable(pageToken);
    }
}
