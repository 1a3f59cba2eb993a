package dev.anystore;

import dev.anystore.engine.Circles;
import dev.anystore.engine.Engine;
import dev.anystore.engine.JournaledUploads;
import dev.anystore.spi.Multipart;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The unfinished uploads of a store: their parts are stored and cost, and no listing of objects shows them. An upload that
 * fails is aborted by the library itself; what a crash, a lost network or another client left is found here. Where a journal
 * is kept ({@link StoreOptions#withJournal}), one's own can be told apart, gone on with, and dropped at any time.
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
        Circles circles = new Circles("uploads");
        String token = null;
        do {
            String page = token;
            Multipart.UploadPage answer =
                    engine.call("uploads", store.full(prefix), call -> power.uploads(store.full(prefix), page, call));
            for (Multipart.Begun begun : answer.uploads()) {
                all.add(new Unfinished(
                        store.relativeKey(begun.upload().key()), begun.upload().uploadId(), begun.begun()));
            }
            try {
                token = circles.next(answer.nextPageToken());
            } catch (StorageException e) {
                throw engine.named(e, "uploads", store.full(prefix));
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
     * An upload of a file that was interrupted, as its journal says.
     *
     * @param resumeToken what names it for {@link Uploads#resume(String, Path)}
     * @param key of the object that it would make
     * @param file that was uploaded, as an absolute path
     * @param size of the file
     * @param storedBytes that the service had, as far as was noted
     * @param begun when it began, by this machine's clock
     */
    public record Resumable(String resumeToken, String key, String file, long size, long storedBytes, Instant begun) {}

    /** The interrupted uploads of this store in the folder of journals; empty where none is kept. No requests. */
    public List<Resumable> resumable() {
        return new JournaledUploads(engine, store.full(""))
                .list().stream()
                        .map(left -> new Resumable(
                                left.name(),
                                store.relativeKey(left.key()),
                                left.path(),
                                left.size(),
                                left.sentBytes(),
                                left.begun()))
                        .toList();
    }

    /** {@link #resume(String, Path, PutOptions)} of an upload that began with the default options. */
    public ObjectInfo resume(String resumeToken, Path file) {
        return resume(resumeToken, file, PutOptions.DEFAULT);
    }

    /**
     * Goes on with an interrupted upload, from the parts that the service lists. The same as to upload the file again under
     * its key, also where the file has been renamed since. A file that was changed, or options that store it differently, begin
     * anew.
     *
     * @throws ObjectNotFound if there is no such journal
     * @throws StorageException of kind {@code CONFLICT} if the upload is running, here or in another process
     */
    public ObjectInfo resume(String resumeToken, Path file, PutOptions options) {
        JournaledUploads.Left left = new JournaledUploads(engine, store.full("")).find(resumeToken);
        if (left == null) {
            throw store.failure(StorageException.Kind.NOT_FOUND, "upload", null)
                    .message("no interrupted upload of this store has the token that was given")
                    .fix("upload the file again")
                    .build();
        }
        return store.resume(left.key(), file, options, left.name());
    }

    /**
     * Drops the interrupted uploads of this store that have a journal and began before so long, with their journals: those
     * that run now are not touched, here or in other processes of this machine, and nobody else's are.
     *
     * @return how many were dropped
     * @throws Incomplete if some are still there; it names each with its reason
     */
    public int sweepOwn(Duration olderThan) {
        power("");
        Map<String, StorageException> failures = new LinkedHashMap<>();
        int dropped = new JournaledUploads(engine, store.full(""))
                .sweep(clock.instant().minus(olderThan), failures);
        if (!failures.isEmpty()) {
            throw incomplete(
                    dropped + failures.size(), failures.values().iterator().next(), failures);
        }
        return dropped;
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
