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

    /**
     * The uploads of one key.
     *
     * @param ours those that have the token
     * @param unknown how many have none that the list shows, and may be ours or somebody else's
     */
    private record Seen(List<Multipart.Upload> ours, int unknown) {}

    /** The uploads of this key that have this token. */
    List<Multipart.Upload> find(Scope scope, String key, String token) {
        return look(scope, key, token, null).ours();
    }

    private Seen look(Scope scope, String key, String token, @Nullable String known) {
        List<Multipart.Upload> ours = new ArrayList<>();
        int unknown = 0;
        Circles circles = new Circles("uploads");
        String page = null;
        do {
            String from = page;
            Multipart.UploadPage answer = engine.call(scope, "uploads", key, call -> power.uploads(key, from, call));
            for (Begun begun : answer.uploads()) {
                boolean another = begun.upload().key().equals(key)
                        && !begun.upload().uploadId().equals(known);
                if (another && token.equals(begun.token())) {
                    ours.add(begun.upload());
                } else if (another && begun.token() == null) {
                    unknown++;
                }
            }
            page = circles.next(answer.nextPageToken());
        } while (page != null);
        return new Seen(ours, unknown);
    }

    /**
     * Drops what was begun unseen. What can't be found is said: beside the failure, or in the log.
     *
     * @param known the upload that stays, or null
     * @param lost how many answers were lost
     * @return whether nothing can be left
     */
    boolean drop(String key, String token, @Nullable String known, int lost, @Nullable StorageException failure) {
        boolean none = false;
        try (Scope cleanUp = engine.openCleanUp(LIMIT)) {
            Seen seen = look(cleanUp, key, token, known);
            none = seen.unknown() == 0;
            for (Multipart.Upload upload : seen.ours()) {
                none &= new UploadAbort(engine, power).drop(upload) == null;
            }
        } catch (StorageException e) {
            LOG.debug("unfinished uploads can't be listed", e);
        }
        if (none) {
            return true;
        }
        if (failure != null) {
            failure.addSuppressed(UploadAbort.leftOver(
                    engine, key, "the service may have begun an upload without telling its id", null));
            return false;
        }
        // Without the token uploads of one key can't be told apart from outside, so what was begun unseen can't be
        // dropped
        // here: the next one in the list may be somebody else's.
        LOG.warn(
                "upload {}:{}: an answer was lost, and up to {} empty unfinished uploads of this key may stay until a sweep"
                        + " of unfinished uploads",
                engine.settings().provider(),
                key,
                lost);
        return false;
    }
}
