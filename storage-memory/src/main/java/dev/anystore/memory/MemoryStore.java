package dev.anystore.memory;

import dev.anystore.Capabilities;
import dev.anystore.Capability;
import dev.anystore.Limits;
import dev.anystore.ObjectStore;
import dev.anystore.StoreOptions;
import dev.anystore.spi.PoweredBackend;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens object stores in memory, for tests. Such a store is strictly consistent and has every capability but presigned
 * URLs: nobody could fetch them, so {@code link} and {@code presignGet} refuse. What is stored lives as long as its {@link
 * MemorySpace} is referenced, and not beyond the process.
 */
public final class MemoryStore {
    private MemoryStore() {}

    /** An empty store of its own, dated by the system's clock. */
    public static ObjectStore open() {
        return builder().open();
    }

    /** An empty store of its own, dated by this clock. */
    public static ObjectStore open(Clock clock) {
        return builder().clock(clock).open();
    }

    /** Begins a store with limits, capabilities or a clock of the test's choice. */
    public static Builder builder() {
        return new Builder();
    }

    static MemorySpace newSpace() {
        return builder().chooseSpace();
    }

    /** Collects how a store is opened; every method returns this builder. */
    public static final class Builder {
        /** Nobody could fetch a URL, and there is nobody to encrypt for or to bill. */
        private static final Set<Capability> NEVER = Set.of(
                Capability.PRESIGN_GET,
                Capability.PRESIGN_PUT,
                Capability.PRESIGN_DELETE,
                Capability.PRESIGN_PART,
                Capability.ENCRYPTION_SERVICE_KEY,
                Capability.ENCRYPTION_MANAGED_KEY,
                Capability.ENCRYPTION_CUSTOMER_KEY,
                Capability.REQUESTER_PAYS);

        private final EnumSet<Capability> capabilities = EnumSet.complementOf(EnumSet.copyOf(NEVER));
        private Limits limits = Limits.builder().build();
        private StoreOptions options = StoreOptions.DEFAULT;
        private @Nullable Clock clock;
        private @Nullable Boolean versioning;
        private @Nullable Long capacityBytes;
        private @Nullable MemorySpace space;

        private Builder() {}

        /** The clock that dates objects and uploads; by default the system's. */
        public Builder clock(Clock value) {
            clock = Objects.requireNonNull(value);
            return this;
        }

        /** Whether older versions are kept from the first write on; by default not until {@code BucketAdmin} switches it on. */
        public Builder versioning(boolean value) {
            versioning = value;
            return this;
        }

        /**
         * How many bytes all versions and parts may have together; more is refused with kind {@code QUOTA}. By default half
         * of the JVM's largest heap.
         */
        public Builder capacityBytes(long value) {
            if (value < 0) {
                throw new IllegalArgumentException("a capacity of " + value + " bytes");
            }
            capacityBytes = value;
            return this;
        }

        /** Sizes and counts that the store then refuses to go beyond; by default none but those of keys, pages and batches. */
        public Builder limits(Limits value) {
            limits = Objects.requireNonNull(value);
            return this;
        }

        /** Takes capabilities away; the store refuses their use as a service without them does. */
        public Builder without(Capability... taken) {
            for (Capability capability : taken) {
                capabilities.remove(capability);
            }
            return this;
        }

        /** Opens the store on a space that another store uses or used, with its clock, versioning and capacity. */
        public Builder on(MemorySpace value) {
            space = Objects.requireNonNull(value);
            return this;
        }

        /** How the engine above the store works; by default as the library's defaults say. */
        public Builder options(StoreOptions value) {
            options = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Opens the store.
         *
         * @throws IllegalStateException if what was set contradicts itself
         */
        public ObjectStore open() {
            return ObjectStore.of(backend(), options);
        }

        /**
         * The bare backend, for tests of decorators and of what lies below {@code ObjectStore}.
         *
         * @throws IllegalStateException if what was set contradicts itself
         */
        public PoweredBackend backend() {
            return new MemoryBackend(chooseSpace(), declared());
        }

        private MemorySpace chooseSpace() {
            if (space == null) {
                boolean versioned = Boolean.TRUE.equals(versioning);
                if (versioned && !capabilities.contains(Capability.VERSIONS)) {
                    throw new IllegalStateException("versioning is on, but VERSIONS was taken away");
                }
                return new MemorySpace(
                        clock == null ? Clock.systemUTC() : clock,
                        versioned,
                        capacityBytes == null ? Runtime.getRuntime().maxMemory() / 2 : capacityBytes);
            }
            if (clock != null || versioning != null || capacityBytes != null) {
                throw new IllegalStateException("clock, versioning and capacity are those of the space given to on()");
            }
            return space;
        }

        /** Limits that follow from what was taken away. */
        private Capabilities declared() {
            boolean parts = capabilities.contains(Capability.MULTIPART);
            if (!parts) {
                capabilities.remove(Capability.TWIN_PARTS);
            }
            long objectBytes = parts ? limits.objectBytes() : Math.min(limits.objectBytes(), limits.singlePutBytes());
            long ifAbsentBytes = !capabilities.contains(Capability.PUT_IF_ABSENT)
                    ? 0
                    : parts && capabilities.contains(Capability.COMPLETE_IF_ABSENT)
                            ? objectBytes
                            : Math.min(objectBytes, limits.singlePutBytes());
            return Capabilities.of(
                    capabilities,
                    limits.toBuilder()
                            .objectBytes(objectBytes)
                            .ifAbsentBytes(Math.min(ifAbsentBytes, limits.ifAbsentBytes()))
                            .build());
        }
    }
}
