package dev.anystore.benchmarks;

import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the sink remembers of objects and uploads: everything but their bytes. */
final class SinkStore {
    /**
     * An object, or a part of one.
     *
     * @param size in bytes
     * @param tag with its quotes
     * @param crc32c in Base64, as the client said it; null if it did not
     */
    record Stored(long size, String tag, @Nullable String crc32c) {}

    private final Map<String, Stored> objects = new ConcurrentHashMap<>();
    private final Map<String, SortedMap<Integer, Stored>> uploads = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    /** Begins an upload. */
    String begin() {
        String id = "upload-" + ids.incrementAndGet();
        uploads.put(id, new ConcurrentSkipListMap<>());
        return id;
    }

    /** The parts of an upload, or null if there is none. */
    @Nullable
    SortedMap<Integer, Stored> parts(String uploadId) {
        return uploads.get(uploadId);
    }

    /** A new entity tag: with a hyphen, so that nobody takes it for an MD5. */
    String newTag() {
        return "\"%032x-1\"".formatted(ids.incrementAndGet());
    }

    /** Publishes an object. */
    void put(String key, Stored object) {
        objects.put(key, object);
    }

    /** Ends an upload, and publishes it if there is an object. */
    void end(String uploadId, String key, @Nullable Stored object) {
        uploads.remove(uploadId);
        if (object != null) {
            objects.put(key, object);
        }
    }

    /** An object, or null. */
    @Nullable
    Stored find(String key) {
        return objects.get(key);
    }

    /** Drops an object. */
    void delete(String key) {
        objects.remove(key);
    }

    /** Uploads that were begun and not ended. */
    int openUploads() {
        return uploads.size();
    }
}
