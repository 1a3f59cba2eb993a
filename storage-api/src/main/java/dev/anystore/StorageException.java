package dev.anystore;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What every verb throws. It answers what a caller asks: what was I doing, to which object, may I try again, and what
 * should I change. A few kinds that callers catch by name are subclasses; {@link #kind()} names all of them and will gain
 * new constants. No text of it holds a secret or a signed query.
 */
public class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why an operation failed. New constants may appear; treat an unknown one as not retryable. */
    public enum Kind {
        /** The object (or the version, or the upload) is not there. */
        NOT_FOUND,
        /** The bucket, the container or the root folder is not there. */
        BUCKET_NOT_FOUND,
        /** A condition of the caller did not hold; nothing was written. */
        PRECONDITION_FAILED,
        /** Another writer was at the same key at the same time; nothing was written. */
        CONFLICT,
        /** The credentials are known but may not do this. */
        ACCESS_DENIED,
        /** The credentials are missing, wrong or expired. */
        UNAUTHENTICATED,
        /** The service asks to slow down. */
        THROTTLED,
        /** The service or the way to it failed. */
        UNAVAILABLE,
        /** A time limit passed. */
        TIMEOUT,
        /** The caller cancelled, interrupted or closed. */
        CANCELLED,
        /** Bytes differ from their digest. */
        INTEGRITY,
        /** Some of many keys failed. */
        INCOMPLETE,
        /** The range has no byte of the object. */
        RANGE_NOT_SATISFIABLE,
        /** The caller's stream or function failed; it is the cause. */
        SOURCE_FAILED,
        /** The source file or stream changed while it was read; nothing was published. */
        SOURCE_CHANGED,
        /** The object was replaced while it was read. */
        OBJECT_CHANGED,
        /** The answer to a write was lost, and reading back could not tell what became of it. */
        OUTCOME_UNKNOWN,
        /** The store has no such capability. */
        UNSUPPORTED,
        /** The key is invalid, or the store can't hold it. */
        INVALID_KEY,
        /** Another argument is invalid. */
        INVALID_ARGUMENT,
        /** A setting is missing or wrong. */
        CONFIGURATION,
        /** The object is in an archive and must be restored first. */
        ARCHIVED,
        /** A quota, a spending cap or the disk is full. */
        QUOTA,
        /** This machine's clock and the service's differ too much. */
        CLOCK_SKEW,
        /** The peer answered something that its protocol does not allow. */
        PROTOCOL,
        /** A file on this machine could not be read or written. */
        LOCAL_IO,
        /** The store, the reader or the transfer is closed. */
        CLOSED
    }

    private static final Set<Kind> RETRYABLE =
            EnumSet.of(Kind.THROTTLED, Kind.UNAVAILABLE, Kind.TIMEOUT, Kind.CONFLICT);

    /** Failures after which a request may have taken effect although it did not say so. */
    private static final Set<Kind> AMBIGUOUS =
            EnumSet.of(Kind.UNAVAILABLE, Kind.TIMEOUT, Kind.CANCELLED, Kind.PROTOCOL, Kind.OUTCOME_UNKNOWN);

    private final Builder details;

    /** For subclasses, with what the builder collected. */
    protected StorageException(Builder details) {
        super(details.text(), details.cause);
        this.details = details.copy();
    }

    /** Begins an exception of this kind; provider authors and users' fakes use it. */
    public static Builder builder(Kind kind) {
        return new Builder(kind);
    }

    /** Why it failed. */
    public Kind kind() {
        return details.kind;
    }

    /** Whether the same call may succeed later. The library has already tried again where that was safe. */
    public boolean retryable() {
        return details.retryable != null ? details.retryable : RETRYABLE.contains(details.kind);
    }

    /**
     * Whether the request may have taken effect all the same: its answer was lost, or did not say. False where it surely
     * did not, as after a refused connection.
     */
    public boolean mayHaveHappened() {
        return details.mayHaveHappened != null ? details.mayHaveHappened : AMBIGUOUS.contains(details.kind);
    }

    /** Whether a journal keeps what was moved, so that the same call goes on from it: see {@link StoreOptions#withJournal}. */
    public boolean resumable() {
        return details.resumable;
    }

    /** The verb that failed, such as {@code upload}; empty if none was under way. */
    public Optional<String> operation() {
        return Optional.ofNullable(details.operation);
    }

    /** The key that it was about. */
    public Optional<String> key() {
        return Optional.ofNullable(details.key);
    }

    /** The id of the provider. */
    public Optional<String> provider() {
        return Optional.ofNullable(details.provider);
    }

    /** The service's own name of the request, for its support. */
    public Optional<String> requestId() {
        return Optional.ofNullable(details.requestId);
    }

    /** The HTTP status, if an answer came. */
    public OptionalInt status() {
        return details.status > 0 ? OptionalInt.of(details.status) : OptionalInt.empty();
    }

    /** How many requests were made; 0 if none. */
    public int attempts() {
        return details.attempts;
    }

    /** What the user can do about it, in one sentence; empty if nothing better than the message is known. */
    public Optional<String> fix() {
        return Optional.ofNullable(details.fix);
    }

    /** Operation, provider and key, the reason, how often it was tried, and the fix; never null, never with a secret. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** What went wrong, without the operation, the key and the provider that {@link #getMessage()} names too. */
    public String reason() {
        return details.message;
    }

    /** A builder with everything that this exception says, to add what a higher layer knows. */
    public Builder toBuilder() {
        return details.copy().cause(getCause());
    }

    /** Collects what an exception says; every method returns this builder. */
    public static final class Builder implements java.io.Serializable {
        private static final long serialVersionUID = 1L;
        /** A line that a person reads does not need all of a key; {@link StorageException#key()} has it. */
        private static final int LONGEST_SHOWN = 200;

        private final Kind kind;
        private String message = "";
        private @Nullable Boolean retryable;
        private @Nullable Boolean mayHaveHappened;
        private @Nullable String operation;
        private @Nullable String key;
        private @Nullable String provider;
        private @Nullable String requestId;
        private @Nullable String fix;
        private @Nullable Throwable cause;
        private int status;
        private int attempts;
        private long objectSize = -1;
        private @Nullable Capability capability;
        private List<String> problems = List.of();
        private Map<String, StorageException> failures = Map.of();
        private java.time.@Nullable Duration retryAfter;
        private boolean resumable;

        private Builder(Kind kind) {
            this.kind = Objects.requireNonNull(kind);
        }

        private Builder copy() {
            Builder copy = new Builder(kind);
            copy.message = message;
            copy.retryable = retryable;
            copy.mayHaveHappened = mayHaveHappened;
            copy.operation = operation;
            copy.key = key;
            copy.provider = provider;
            copy.requestId = requestId;
            copy.fix = fix;
            copy.cause = cause;
            copy.status = status;
            copy.attempts = attempts;
            copy.objectSize = objectSize;
            copy.capability = capability;
            copy.problems = problems;
            copy.failures = failures;
            copy.retryAfter = retryAfter;
            copy.resumable = resumable;
            return copy;
        }

        /** What went wrong, in one clause, without operation, key and provider. No secret may be in it. */
        public Builder message(String value) {
            message = Objects.requireNonNull(value);
            return this;
        }

        /** Overrides what the kind says about trying again. */
        public Builder retryable(boolean value) {
            retryable = value;
            return this;
        }

        /** Overrides what the kind says about whether the request may have taken effect. */
        public Builder mayHaveHappened(boolean value) {
            mayHaveHappened = value;
            return this;
        }

        /** The verb. */
        public Builder operation(@Nullable String value) {
            operation = value;
            return this;
        }

        /** The key. */
        public Builder key(@Nullable String value) {
            key = value;
            return this;
        }

        /** The provider's id. */
        public Builder provider(@Nullable String value) {
            provider = value;
            return this;
        }

        /** The service's id of the request. */
        public Builder requestId(@Nullable String value) {
            requestId = value;
            return this;
        }

        /** What to do, in one sentence. */
        public Builder fix(@Nullable String value) {
            fix = value;
            return this;
        }

        /** The cause. */
        public Builder cause(@Nullable Throwable value) {
            cause = value;
            return this;
        }

        /** The HTTP status. */
        public Builder status(int value) {
            status = value;
            return this;
        }

        /** How many requests were made. */
        public Builder attempts(int value) {
            attempts = value;
            return this;
        }

        /** The size of the object, for {@link Kind#RANGE_NOT_SATISFIABLE}. */
        public Builder objectSize(long value) {
            objectSize = value;
            return this;
        }

        /** The missing capability, for {@link Kind#UNSUPPORTED}. */
        public Builder capability(Capability value) {
            capability = value;
            return this;
        }

        /** All problems, for {@link Kind#CONFIGURATION}. */
        public Builder problems(List<String> value) {
            problems = List.copyOf(value);
            return this;
        }

        /** The failures by key, for {@link Kind#INCOMPLETE}. */
        public Builder failures(Map<String, StorageException> value) {
            failures = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(value));
            return this;
        }

        /** How long the service asks to wait, for the layer that retries. */
        public Builder retryAfter(java.time.@Nullable Duration value) {
            retryAfter = value;
            return this;
        }

        /** What was moved is kept, and the same call goes on from it. */
        public Builder resumable(boolean value) {
            resumable = value;
            return this;
        }

        /** The kind that this builder began with. */
        public Kind kind() {
            return kind;
        }

        /** The operation set so far. */
        public @Nullable String operation() {
            return operation;
        }

        /** The key set so far. */
        public @Nullable String key() {
            return key;
        }

        /** The provider set so far. */
        public @Nullable String provider() {
            return provider;
        }

        /** The exception: of the subclass that stands for the kind, if there is one. */
        public StorageException build() {
            Function<Builder, StorageException> type =
                    switch (kind) {
                        case NOT_FOUND -> ObjectNotFound::new;
                        case PRECONDITION_FAILED -> PreconditionFailed::new;
                        case RANGE_NOT_SATISFIABLE -> RangeNotSatisfiable::new;
                        case UNSUPPORTED -> UnsupportedCapability::new;
                        case INTEGRITY -> IntegrityFailure::new;
                        case OUTCOME_UNKNOWN -> OutcomeUnknown::new;
                        case CONFIGURATION -> InvalidConfiguration::new;
                        case INCOMPLETE -> Incomplete::new;
                        default -> StorageException::new;
                    };
            return type.apply(this);
        }

        private String text() {
            StringBuilder text = new StringBuilder();
            if (operation != null) {
                text.append(operation).append(' ');
            }
            if (provider != null || key != null) {
                text.append(provider == null ? "" : provider);
                text.append(key == null ? "" : ":" + printable(key));
                text.append(": ");
            } else if (operation != null) {
                text.setLength(text.length() - 1);
                text.append(": ");
            }
            text.append(
                    message.isEmpty()
                            ? kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
                            : message);
            if (status > 0) {
                text.append(" (status ").append(status);
                text.append(requestId == null ? ")" : ", request " + printable(requestId) + ")");
            }
            if (attempts > 1) {
                text.append(", after ").append(attempts).append(" attempts");
            }
            if (fix != null) {
                text.append("; ").append(fix);
            }
            return text.toString();
        }

        /** Control characters of a hostile key or service must not reach a terminal or a log as they are. */
        private static String printable(String text) {
            StringBuilder out = new StringBuilder(Math.min(text.length(), LONGEST_SHOWN));
            text.codePoints().limit(LONGEST_SHOWN).forEach(c -> {
                if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                    out.append(String.format("\\u%04X", c));
                } else {
                    out.appendCodePoint(c);
                }
            });
            return text.codePointCount(0, text.length()) > LONGEST_SHOWN
                    ? out.append('…').toString()
                    : out.toString();
        }
    }

    final long objectSize() {
        return details.objectSize;
    }

    final Optional<Capability> missingCapability() {
        return Optional.ofNullable(details.capability);
    }

    final List<String> configurationProblems() {
        return details.problems;
    }

    final Map<String, StorageException> failuresByKey() {
        return details.failures;
    }

    /** How long the service asked to wait before the next try. */
    public Optional<java.time.Duration> retryAfter() {
        return Optional.ofNullable(details.retryAfter);
    }
}
