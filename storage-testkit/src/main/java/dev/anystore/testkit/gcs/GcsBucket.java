package dev.anystore.testkit.gcs;

import dev.anystore.Keys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A bucket with all that is in it. Whoever uses it holds the server's lock. */
final class GcsBucket {
    final String name;
    final Map<String, Object> settings = new LinkedHashMap<>();
    final TreeMap<String, List<GcsObject>> objects = new TreeMap<>(Keys.UTF8_ORDER);
    final TreeMap<String, Upload> uploads = new TreeMap<>();
    long metageneration = 1;

    GcsBucket(String name) {
        this.name = name;
    }

    /** An upload in parts. */
    static final class Upload {
        final GcsObject draft;
        final String begun;
        final TreeMap<Integer, Part> parts = new TreeMap<>();

        Upload(GcsObject draft, String begun) {
            this.draft = draft;
            this.begun = begun;
        }
    }

    /** A part of one. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and never changed once it is here
    record Part(byte[] bytes, String tag) {}

    boolean versioned() {
        return Boolean.TRUE.equals(JsonText.object(settings.get("versioning")).get("enabled"));
    }

    boolean requesterPays() {
        return Boolean.TRUE.equals(JsonText.object(settings.get("billing")).get("requesterPays"));
    }

    /** The object that a plain get reads, or null. */
    @Nullable
    GcsObject live(String key) {
        List<GcsObject> all = objects.get(key);
        GcsObject last = all == null || all.isEmpty() ? null : all.get(all.size() - 1);
        return last == null || last.deleted != null ? null : last;
    }

    @Nullable
    GcsObject version(String key, long generation) {
        for (GcsObject object : objects.getOrDefault(key, List.of())) {
            if (object.generation == generation) {
                return object;
            }
        }
        return null;
    }

    void put(GcsObject object, String now) {
        hide(object.name, now);
        objects.computeIfAbsent(object.name, name -> new ArrayList<>()).add(object);
    }

    /** The live object goes, or becomes an older version. */
    void hide(String key, String now) {
        GcsObject live = live(key);
        if (live == null) {
            return;
        }
        if (versioned()) {
            live.deleted = now;
        } else {
            remove(live);
        }
    }

    void remove(GcsObject object) {
        List<GcsObject> all = objects.getOrDefault(object.name, new ArrayList<>());
        all.remove(object);
        if (all.isEmpty()) {
            objects.remove(object.name);
        }
    }
}
