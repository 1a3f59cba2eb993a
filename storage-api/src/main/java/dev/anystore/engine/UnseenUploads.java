package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.Multipart.Begun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Uploads that a service began without that we learned their ids. They are found where the service's list shows the token. */
final class UnseenUploads {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.engine");

    private final Engine engine;
    private final Multipart power;

    UnseenUploads(Engine engine, Multipart power) {
        this.engine = engine;
        this.power = power;
    }

    /** The uploads of this key that have this token. */
    List<Multipart.Upload> find(Scope scope, String key, String token) {
        List<Multipart.Upload> found = new ArrayList<>();
        Circles circles = new Circles("uploads");
        String page = null;
        do {
            String from = page;
            Multipart.UploadPage answer = engine.call(scope, "uploads", key, call -> power.uploads(key, from, call));
            for (Begun begun : answer.uploads()) {
                if (begun.upload().key().equals(key) && token.equals(begun.token())) {
                    found.add(begun.upload());
                }
            }
            page = circles.next(answer.nextPageToken());
        } while (page != null);
        return found;
    }

    /**
     * Drops what was begun unseen. What can't be found is said: beside the failure, or in the log.
     *
     * @param known the upload that stays, or null
     * @param lost how many answers were lost
     */
    void drop(String key, String token, @Nullable String known, int lost, @Nullable StorageException failure) {
        int dropped = 0;
        try (Scope cleanUp = engine.openCleanUp(LIMIT)) {
            for (Multipart.Upload upload : find(cleanUp, key, token)) {
                if (!upload.uploadId().equals(known) && new UploadAbort(engine, power).drop(upload) == null) {
                    dropped++;
                }
            }
        } catch (StorageException e) {
            LOG.debug("unfinished uploads can't be listed", e);
        }
        if (dropped >= lost) {
            return;
        }
        if (failure != null) {
            failure.addSuppressed(UploadAbort.leftOver(
                    engine, key, "the service may have begun an upload without telling its id", null));
            return;
        }
        // Without the token uploads of one key can't be told apart from outside, so what was begun unseen can't be
        // dropped:
        // the next one in the list may be somebody else's.
        LOG.warn(
                "upload {}:{}: an answer was lost, and up to {} empty unfinished uploads of this key may stay until a sweep"
                        + " of unfinished uploads",
                engine.settings().provider(),
                key,
                lost);
    }
}
