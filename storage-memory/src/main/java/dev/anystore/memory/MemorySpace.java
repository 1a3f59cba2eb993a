package dev.anystore.memory;

import dev.anystore.Checksum;
import dev.anystore.Keys;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.WriteCondition;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one or several memory stores: the bucket and its service in one. What {@code store.unwrap(MemorySpace.class)}
 * gives. It outlives the stores that were opened on it, so that a test can close one and look with another.
 * Thread-safe; every change is atomic, and nobody sees half of one.
 */
public final class MemorySpace {
    enum Versioning {
        OFF,
        ON,
        SUSPENDED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong usedBytes = new AtomicLong();
    private final Clock clock;
    private final long capacityBytes;

    // All below is guarded by the lock. The versions of a key begin with the newest; no list is empty.
    private final TreeMap<String, List<Stored>> objects = new TreeMap<>(Keys.UTF8_ORDER);
    private final Map<String, OpenUpload> uploads = new HashMap<>();
    private long sequence;
    private boolean bucket = true;
    private Versioning versioning;
    private List<BucketAdmin.CorsRule> cors = List.of();
    private List<BucketAdmin.LifecycleRule> lifecycle = List.of();

    MemorySpace(Clock clock, boolean versioned, long capacityBytes) {
        this.clock = clock;
        this.capacityBytes = capacityBytes;
        this.versioning = versioned ? Versioning.ON : Versioning.OFF;
    }

    /** How many objects a listing shows. */
    public long objects() {
        return atomically(() -> objects.values().stream()
                .filter(versions -> !versions.get(0).marker())
                .count());
    }

    /** How many uploads are begun and neither complete nor aborted. */
    public long uploads() {
        return atomically(() -> (long) uploads.size());
    }

    /** The bytes of all versions and all parts, those included that are just arriving. A copy counts as much as its source. */
    public long usedBytes() {
        return usedBytes.get();
    }

    /** Forgets all objects, versions and uploads. The bucket and its settings stay. */
    public void clear() {
        change(() -> {
            objects.values().forEach(versions -> versions.forEach(stored -> release(stored.size())));
            objects.clear();
            uploads.values().forEach(upload -> release(upload.heldBytes()));
            uploads.clear();
        });
    }

    /**
     * Does what the lifecycle rules say, as of the clock of this space. Services do so once a day; here nothing happens by
     * itself.
     *
     * @return how many versions and uploads went, delete markers that were added included
     */
    public long runLifecycle() {
        return atomically(() -> new LifecycleRun(this).apply(lifecycle, now()));
    }

    @Override
    public String toString() {
        return "MemorySpace[" + objects() + " objects, " + uploads() + " uploads, " + usedBytes() + " bytes]";
    }

    <T> T atomically(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    void change(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    Instant now() {
        // Services tell milliseconds at best; what is finer would not survive another store.
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    void reserve(long bytes) {
        long now = usedBytes.addAndGet(bytes);
        if (now > capacityBytes || now < 0) {
            usedBytes.addAndGet(-bytes);
            throw StorageException.builder(Kind.QUOTA)
                    .message("the memory store is full: it holds at most " + capacityBytes + " bytes")
                    .fix("raise MemoryStore.builder().capacityBytes(n), or give the JVM more heap")
                    .build();
        }
    }

    void release(long bytes) {
        usedBytes.addAndGet(-bytes);
    }

    // What follows is called within atomically().

    void requireBucket() {
        if (!bucket) {
            throw StorageException.builder(Kind.BUCKET_NOT_FOUND)
                    .message("the bucket was deleted")
                    .fix("create it through BucketAdmin")
                    .build();
        }
    }

    NavigableMap<String, List<Stored>> byKey() {
        requireBucket();
        return objects;
    }

    Map<String, OpenUpload> uploadsById() {
        requireBucket();
        return uploads;
    }

    long nextSequence() {
        return ++sequence;
    }

    boolean showsVersions() {
        return versioning != Versioning.OFF;
    }

    /** The version, or the current one; null if it is not there or hidden. */
    @Nullable
    Stored find(String key, @Nullable String version) {
        List<Stored> versions = byKey().getOrDefault(key, List.of());
        for (Stored stored : versions) {
            if (version == null || stored.versionId().equals(version)) {
                return stored.marker() ? null : stored;
            }
        }
        return null;
    }

    Stored get(String key, @Nullable String version) {
        Stored stored = find(key, version);
        if (stored == null) {
            throw StorageException.builder(Kind.NOT_FOUND)
                    .key(key)
                    .message(version == null ? "no object has this key" : "the object has no version " + version)
                    .build();
        }
        return stored;
    }

    void require(WriteCondition condition, String key) {
        Stored current = find(key, null);
        if (condition instanceof WriteCondition.IfAbsent && current != null) {
            throw failed(key, "an object has this key already");
        }
        if (condition instanceof WriteCondition.IfRevision wanted) {
            requireRevision(wanted.revision(), key, current);
        }
    }

    static void requireRevision(@Nullable String wanted, String key, @Nullable Stored found) {
        if (wanted != null && (found == null || !found.revision().equals(wanted))) {
            throw failed(
                    key,
                    found == null
                            ? "no object has this key, revision " + wanted + " was expected"
                            : "the object has revision " + found.revision() + ", not " + wanted);
        }
    }

    private static StorageException failed(String key, String message) {
        return StorageException.builder(Kind.PRECONDITION_FAILED)
                .key(key)
                .message(message)
                .build();
    }

    /** Stores bytes that are reserved already. */
    Stored write(
            String key,
            Content content,
            Attributes attributes,
            Map<String, String> tags,
            Checksum crc32c,
            WriteCondition condition) {
        require(condition, key);
        long number = nextSequence();
        Stored stored = new Stored(number, newVersionId(number), content, attributes, tags, crc32c, now());
        push(key, stored);
        return stored;
    }

    private String newVersionId(long number) {
        return versioning == Versioning.ON ? "v%016x".formatted(number) : Stored.UNVERSIONED;
    }

    private void push(String key, Stored stored) {
        List<Stored> versions = objects.computeIfAbsent(key, absent -> new ArrayList<>(1));
        if (stored.versionId().equals(Stored.UNVERSIONED)) {
            drop(versions, Stored.UNVERSIONED);
        }
        versions.add(0, stored);
    }

    /** Replaces what is kept beside the bytes of the current object. */
    void setTags(String key, Map<String, String> tags) {
        Stored current = get(key, null);
        byKey().getOrDefault(key, List.of()).set(0, current.withTags(tags));
    }

    /** Deletes, or hides; what is not there is gone already, whatever revision it should have had. */
    void delete(DeleteRequest.Target target) {
        Stored found = find(target.key(), target.version());
        if (found != null) {
            requireRevision(target.ifRevision(), target.key(), found);
        }
        if (target.version() != null) {
            forget(target.key(), target.version());
        } else if (found != null && versioning == Versioning.OFF) {
            forget(target.key(), found.versionId());
        } else if (found != null) {
            long number = nextSequence();
            push(target.key(), new Stored(number, newVersionId(number), null, Attributes.NONE, Map.of(), null, now()));
        }
    }

    /** Drops one version or marker for good. */
    void forget(String key, String version) {
        List<Stored> versions = objects.get(key);
        if (versions != null) {
            drop(versions, version);
            if (versions.isEmpty()) {
                objects.remove(key);
            }
        }
    }

    private void drop(List<Stored> versions, String version) {
        versions.removeIf(stored -> {
            boolean dropped = stored.versionId().equals(version);
            if (dropped) {
                release(stored.size());
            }
            return dropped;
        });
    }

    boolean bucket() {
        return bucket;
    }

    void setBucket(boolean value) {
        bucket = value;
    }

    Versioning versioning() {
        return versioning;
    }

    void setVersioning(boolean enabled) {
        if (enabled) {
            versioning = Versioning.ON;
        } else if (versioning == Versioning.ON) {
            versioning = Versioning.SUSPENDED;
        }
    }

    List<BucketAdmin.CorsRule> cors() {
        return cors;
    }

    void setCors(List<BucketAdmin.CorsRule> rules) {
        cors = List.copyOf(rules);
    }

    List<BucketAdmin.LifecycleRule> lifecycle() {
        return lifecycle;
    }

    void setLifecycle(List<BucketAdmin.LifecycleRule> rules) {
        lifecycle = List.copyOf(rules);
    }
}
