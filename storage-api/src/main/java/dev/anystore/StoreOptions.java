package dev.anystore;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a store works, apart from where it leads. Immutable; what is not set here comes from the configuration
 * ({@code STORAGE_PART_BYTES}, {@code STORAGE_CONNECTIONS}, …), then from the library's defaults. {@code null} clears.
 */
public final class StoreOptions {
    /** Nothing set: the configuration and the library's defaults decide. */
    public static final StoreOptions DEFAULT = new StoreOptions(new Values());

    /** The most connections or attempts that make sense; more is a slip of the finger. */
    private static final int MAX_COUNT = 10_000;

    /** Filled before it is handed to the constructor, never changed after. */
    private static final class Values {
        private @Nullable Executor executor;
        private @Nullable Integer maxConnections;
        private @Nullable Integer connectionsPerTransfer;
        private @Nullable Long bufferBytes;
        private @Nullable Long partBytes;
        private @Nullable Integer attempts;
        private @Nullable Path journal;
        private @Nullable Duration deadline;

        private Values copy() {
            Values copy = new Values();
            copy.executor = executor;
            copy.maxConnections = maxConnections;
            copy.connectionsPerTransfer = connectionsPerTransfer;
            copy.bufferBytes = bufferBytes;
            copy.partBytes = partBytes;
            copy.attempts = attempts;
            copy.journal = journal;
            copy.deadline = deadline;
            return copy;
        }
    }

    private final Values values;

    private StoreOptions(Values values) {
        this.values = values;
    }

    /**
     * The same with the caller's workers; null has workers of the store's own, bounded daemon threads that end with it.
     * The caller's executor is never shut down by the store.
     */
    public StoreOptions withExecutor(@Nullable Executor value) {
        Values copy = values.copy();
        copy.executor = value;
        return new StoreOptions(copy);
    }

    /**
     * The same with at most so many connections and workers for all transfers of the store together.
     *
     * @throws IllegalArgumentException outside 1 to 10,000
     */
    public StoreOptions withMaxConnections(@Nullable Integer value) {
        Values copy = values.copy();
        copy.maxConnections = count("maxConnections", value);
        return new StoreOptions(copy);
    }

    /**
     * The same with so many parts of one transfer under way at once.
     *
     * @throws IllegalArgumentException outside 1 to 10,000
     */
    public StoreOptions withConnectionsPerTransfer(@Nullable Integer value) {
        Values copy = values.copy();
        copy.connectionsPerTransfer = count("connectionsPerTransfer", value);
        return new StoreOptions(copy);
    }

    /**
     * The same with at most so many bytes of part buffers for all transfers of the store together. Files need none.
     *
     * @throws IllegalArgumentException below 1
     */
    public StoreOptions withBufferBytes(@Nullable Long value) {
        Values copy = values.copy();
        copy.bufferBytes = size("bufferBytes", value);
        return new StoreOptions(copy);
    }

    /**
     * The same with parts of this size, within what the service allows; null lets the plan choose from the object's
     * size.
     *
     * @throws IllegalArgumentException below 1
     */
    public StoreOptions withPartBytes(@Nullable Long value) {
        Values copy = values.copy();
        copy.partBytes = size("partBytes", value);
        return new StoreOptions(copy);
    }

    /**
     * The same with each request tried at most so often.
     *
     * @throws IllegalArgumentException outside 1 to 10,000
     */
    public StoreOptions withAttempts(@Nullable Integer value) {
        Values copy = values.copy();
        copy.attempts = count("attempts", value);
        return new StoreOptions(copy);
    }

    /**
     * The same with a folder in which uploads and downloads of files in parts note how far they are: the same call then goes
     * on after a crash, a lost network, an interrupt or a closed store, from the parts that are there. Such a failure keeps
     * its parts, and the temporary beside the target of a download; {@link Transfer#cancel()} and what is refused for good
     * keep nothing. {@link Uploads} lists and drops what was not gone on with. The folder is made if it is absent, with mode
     * 0700; it is shared by processes, and one that others may write in is refused. Stores made by {@link ObjectStore#of} have
     * no address by which their journals could be told apart, and need a folder each. Without a journal every failure is cleaned
     * up, and a crash leaves its upload to a sweep.
     */
    public StoreOptions withJournal(@Nullable Path value) {
        Values copy = values.copy();
        copy.journal = value;
        return new StoreOptions(copy);
    }

    /**
     * The same with a limit for each small operation with all its attempts, such as a head, a page of a listing, a delete or
     * a copy by the service. What moves bytes has none: it lasts as long as bytes flow, within the limits of the provider's
     * connections. It is also how long a stream waits for part buffers while nobody gives any back.
     *
     * @throws IllegalArgumentException if it is not above zero
     */
    public StoreOptions withDeadline(@Nullable Duration value) {
        if (value != null && (value.isZero() || value.isNegative())) {
            throw new IllegalArgumentException("deadline is " + value + ", and must be above zero");
        }
        Values copy = values.copy();
        copy.deadline = value;
        return new StoreOptions(copy);
    }

    /** What {@link #withExecutor} set. */
    public Optional<Executor> executor() {
        return Optional.ofNullable(values.executor);
    }

    /** What {@link #withMaxConnections} set. */
    public OptionalInt maxConnections() {
        return optional(values.maxConnections);
    }

    /** What {@link #withConnectionsPerTransfer} set. */
    public OptionalInt connectionsPerTransfer() {
        return optional(values.connectionsPerTransfer);
    }

    /** What {@link #withBufferBytes} set. */
    public OptionalLong bufferBytes() {
        return optional(values.bufferBytes);
    }

    /** What {@link #withPartBytes} set. */
    public OptionalLong partBytes() {
        return optional(values.partBytes);
    }

    /** What {@link #withAttempts} set. */
    public OptionalInt attempts() {
        return optional(values.attempts);
    }

    /** What {@link #withJournal} set. */
    public Optional<Path> journal() {
        return Optional.ofNullable(values.journal);
    }

    /** What {@link #withDeadline} set. */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(values.deadline);
    }

    /** These options, and those of the other where these say nothing. */
    StoreOptions orElse(StoreOptions other) {
        Values merged = new Values();
        merged.executor = first(other, values -> values.executor);
        merged.maxConnections = first(other, values -> values.maxConnections);
        merged.connectionsPerTransfer = first(other, values -> values.connectionsPerTransfer);
        merged.bufferBytes = first(other, values -> values.bufferBytes);
        merged.partBytes = first(other, values -> values.partBytes);
        merged.attempts = first(other, values -> values.attempts);
        merged.journal = first(other, values -> values.journal);
        merged.deadline = first(other, values -> values.deadline);
        return new StoreOptions(merged);
    }

    private <T> @Nullable T first(StoreOptions other, Function<Values, @Nullable T> value) {
        T mine = value.apply(values);
        return mine != null ? mine : value.apply(other.values);
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    private static OptionalLong optional(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static @Nullable Integer count(String name, @Nullable Integer value) {
        if (value != null && (value < 1 || value > MAX_COUNT)) {
            throw new IllegalArgumentException("%s is %d, outside 1 to %d".formatted(name, value, MAX_COUNT));
        }
        return value;
    }

    private static @Nullable Long size(String name, @Nullable Long value) {
        if (value != null && value < 1) {
            throw new IllegalArgumentException("%s is %d, and must be at least 1".formatted(name, value));
        }
        return value;
    }

    @Override
    public String toString() {
        return "StoreOptions[maxConnections=%s, connectionsPerTransfer=%s, bufferBytes=%s, partBytes=%s, attempts=%s, journal=%s, deadline=%s, %s]"
                .formatted(
                        values.maxConnections,
                        values.connectionsPerTransfer,
                        values.bufferBytes,
                        values.partBytes,
                        values.attempts,
                        values.journal,
                        values.deadline,
                        values.executor == null ? "own workers" : "caller's executor");
    }
}
