package dev.anystore;

import dev.anystore.engine.Engine;
import dev.anystore.spi.Multipart;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The unfinished uploads of a store: their parts are stored and cost, and no listing of objects shows them. An upload that
 * fails is aborted by the library itself; what a crash, a lost network or another client left is found here.
 */
public final class Uploads {
    private final ObjectStore store;
    private final Engine engine;
    private final Clock clock;

    Uploads(ObjectStore store, Engine engine, Clock clock) {
        this.store = store;
        this.engine = engine;
        this.clock = clock;
    }

    /**
     * An unfinished upload.
     *
     * @param key of the object that it would make
     * @param uploadId the service's id
     * @param begun when it began, as the service says
     */
    public record Unfinished(String key, String uploadId, Instant begun) {}

    /**
     * All unfinished uploads of keys with this prefix, in the order of the service. One request a page.
     *
     * @throws UnsupportedCapability if the store takes no parts
     */
    public List<Unfinished> list(String prefix) {
        List<Unfinished> all = new ArrayList<>();
        Multipart power = power(prefix);
        String token = null;
        do {
            String page = token;
            Multipart.UploadPage answer =
                    engine.call("uploads", store.full(prefix), call -> power.uploads(store.full(prefix), page, call));
            for (Multipart.Begun begun : answer.uploads()) {
                all.add(new Unfinished(
                        store.relativeKey(begun.upload().key()), begun.upload().uploadId(), begun.begun()));
            }
            token = answer.nextPageToken();
            if (token != null && token.equals(page)) {
                throw store.failure(StorageException.Kind.PROTOCOL, "uploads", store.full(prefix))
                        .message("the service goes round in circles: a page names itself as the next one")
                        .build();
            }
        } while (token != null);
        return all;
    }

    /**
     * Aborts every unfinished upload that began before so long, whoever began it: one that another process still feeds
     * fails there. At least an hour, as clocks differ.
     *
     * @return how many were aborted
     * @throws Incomplete if some are still there; it names each with its reason
     */
    public int sweep(String prefix, Duration olderThan) {
        if (olderThan.compareTo(Duration.ofHours(1)) < 0) {
            throw store.failure(StorageException.Kind.INVALID_ARGUMENT, "sweep", null)
                    .message("a sweep of uploads younger than an hour would hit those that are under way")
                    .build();
        }
        return abort(list(prefix).stream()
                .filter(upload -> upload.begun().isBefore(clock.instant().minus(olderThan)))
                .toList());
    }

    /**
     * Aborts these uploads.
     *
     * @return how many
     * @throws Incomplete if some are still there
     */
    public int abort(List<Unfinished> uploads) {
        Map<String, StorageException> failures = new LinkedHashMap<>();
        StorageException first = null;
        for (Unfinished upload : uploads) {
            String full = store.full(upload.key());
            Multipart.Upload target = new Multipart.Upload(full, upload.uploadId());
            Multipart power = power(upload.key());
            try {
                engine.call("abort", full, call -> {
                    power.abort(target, call);
                    return true;
                });
            } catch (StorageException e) {
                first = first == null ? e : first;
                failures.put(upload.key(), e);
            }
        }
        if (first != null) {
            throw incomplete(uploads.size(), first, failures);
        }
        return uploads.size();
    }

    private StorageException incomplete(int of, StorageException first, Map<String, StorageException> failures) {
        return store.failure(StorageException.Kind.INCOMPLETE, "sweep", null)
                .message(failures.size() + " of " + of + " uploads were not aborted; the first: " + first.getMessage())
                .failures(failures)
                .cause(first)
                .build();
    }

    private Multipart power(String key) {
        store.require(Capability.MULTIPART, "uploads", key);
        Multipart power = engine.power(Multipart.class);
        if (power == null) {
            throw new IllegalStateException("the provider declares MULTIPART and does not have it");
        }
        return power;
    }
}
