package dev.anystore;

/** How a prefix is emptied. Immutable; {@link #DEFAULT} refuses more than 1,000 objects and the empty prefix. */
public final class DeletePrefixOptions {
    /** At most 1,000 objects, never the empty prefix. */
    public static final DeletePrefixOptions DEFAULT = new DeletePrefixOptions(1000, false);

    private final long maximum;
    private final boolean allowEmptyPrefix;

    private DeletePrefixOptions(long maximum, boolean allowEmptyPrefix) {
        this.maximum = maximum;
        this.allowEmptyPrefix = allowEmptyPrefix;
    }

    /** The same with another maximum: more objects are counted first and refused before the first delete. */
    public DeletePrefixOptions withMaximum(long value) {
        return new DeletePrefixOptions(value, allowEmptyPrefix);
    }

    /** The same with the empty prefix allowed, which is the whole bucket, or the whole view. */
    public DeletePrefixOptions withAllowEmptyPrefix(boolean value) {
        return new DeletePrefixOptions(maximum, value);
    }

    /** What {@link #withMaximum} set. */
    public long maximum() {
        return maximum;
    }

    /** What {@link #withAllowEmptyPrefix} set. */
    public boolean allowEmptyPrefix() {
        return allowEmptyPrefix;
    }
}
