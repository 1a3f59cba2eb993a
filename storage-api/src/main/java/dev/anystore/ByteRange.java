package dev.anystore;

/**
 * A range of an object's bytes, as a caller asks for it: from an offset, with a length, or the last bytes. A range that
 * begins at or behind the end of the object is {@link RangeNotSatisfiable}; one that ends behind it is cut.
 */
public final class ByteRange {
    private final long offset;
    private final long length;

    private ByteRange(long offset, long length) {
        this.offset = offset;
        this.length = length;
    }

    /**
     * {@code length} bytes from {@code offset}.
     *
     * @throws IllegalArgumentException if the offset is negative or the length below 1
     */
    public static ByteRange of(long offset, long length) {
        if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("no range: offset " + offset + ", length " + length);
        }
        return new ByteRange(offset, length);
    }

    /** All bytes from {@code offset} on. */
    public static ByteRange from(long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("no range: offset " + offset);
        }
        return new ByteRange(offset, -1);
    }

    /** The last {@code length} bytes, or all of a shorter object. */
    public static ByteRange last(long length) {
        if (length < 1) {
            throw new IllegalArgumentException("no range: last " + length + " bytes");
        }
        return new ByteRange(-1, length);
    }

    /** Whether this is a number of last bytes. */
    public boolean isLast() {
        return offset < 0;
    }

    /** The first byte; -1 if this {@link #isLast()}. */
    public long offset() {
        return offset;
    }

    /** The number of bytes asked for; -1 if all from the offset on. */
    public long length() {
        return length;
    }

    /**
     * The first byte within an object of this size.
     *
     * @return an offset below {@code size}, or -1 if nothing of the object is in the range
     */
    public long offsetIn(long size) {
        long first = isLast() ? Math.max(0, size - length) : offset;
        return first < size ? first : -1;
    }

    /** How many bytes of an object of this size are in the range; 0 if none. */
    public long lengthIn(long size) {
        long first = offsetIn(size);
        if (first < 0) {
            return 0;
        }
        return isLast() || length < 0 ? size - first : Math.min(length, size - first);
    }

    /** The value of an HTTP {@code Range} header. */
    public String toHeader() {
        if (isLast()) {
            return "bytes=-" + length;
        }
        return "bytes=" + offset + "-" + (length < 0 ? "" : offset + length - 1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ByteRange that && that.offset == offset && that.length == length;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(offset) * 31 + Long.hashCode(length);
    }

    @Override
    public String toString() {
        return toHeader();
    }
}
