package dev.anystore.engine;

import dev.anystore.Checksum;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.WriteCondition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an earlier run of an upload left: parts to go on from, an object that was published in its last moment, or something
 * that does not fit any more and is dropped. Nothing is believed that the service's own list does not confirm.
 */
final class UploadResume {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.engine");

    private final Engine engine;
    private final Scope scope;
    private final Multipart power;
    private final Upload.Order order;
    private final UploadJournal journal;

    /**
     * Something to go on from.
     *
     * @param upload at the service
     * @param parts that the service has, as they were sent
     * @param published the object, if the earlier run got that far
     */
    record Found(
            Multipart.Upload upload,
            Map<Integer, PartSender.Sent> parts,
            @Nullable ObjectInfo published) {}

    UploadResume(Engine engine, Scope scope, Multipart power, Upload.Order order, UploadJournal journal) {
        this.engine = engine;
        this.scope = scope;
        this.power = power;
        this.order = order;
        this.journal = journal;
    }

    /** What there is to go on from, or null: then nothing of an earlier run is left either. */
    @Nullable
    Found find() {
        if (!journal.isBegun()) {
            return null;
        }
        Multipart.Upload upload = journal.upload();
        if (upload == null) {
            // Killed between the request and its answer: the upload is found where the list shows its token.
            List<Multipart.Upload> unseen = unseen();
            upload = unseen.isEmpty() ? null : unseen.get(0);
            unseen.stream().skip(1).forEach(this::drop);
        }
        if (upload == null) {
            return null;
        }
        if (!journal.matches()) {
            drop(upload);
            return null;
        }
        Map<Integer, PartSender.Sent> parts;
        try {
            parts = confirmed(PartSender.listed(engine, scope, power, order.verb(), upload));
        } catch (StorageException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return published(upload);
            }
            if (Resuming.mayGoOn(e, scope)) {
                throw e;
            }
            // Credentials that may write and not list: nothing can be confirmed, so nothing is gone on with.
            drop(upload);
            return null;
        }
        journal.resume();
        return new Found(upload, parts, null);
    }

    private List<Multipart.Upload> unseen() {
        try {
            return new UnseenUploads(engine, power).find(scope, order.key(), journal.token());
        } catch (StorageException e) {
            if (Resuming.mayGoOn(e, scope)) {
                throw e;
            }
            return List.of();
        }
    }

    /** The noted parts that the service lists with the same size, tag and digest. */
    private Map<Integer, PartSender.Sent> confirmed(List<Multipart.Part> listed) {
        Map<Integer, UploadJournal.Noted> noted = journal.parts();
        Map<Integer, PartSender.Sent> confirmed = new TreeMap<>();
        for (Multipart.Part part : listed) {
            UploadJournal.Noted ours = noted.get(part.number());
            if (ours != null
                    && ours.bytes() == part.bytes()
                    && ours.tag().equals(part.tag())
                    && agree(part.checksum(), ours.crc32c())
                    && agree(part.checksum(), ours.confirmed())) {
                confirmed.put(part.number(), sent(ours));
            }
        }
        return confirmed;
    }

    private static boolean agree(@Nullable Checksum listed, @Nullable Checksum noted) {
        return listed == null || noted == null || listed.algorithm() != noted.algorithm() || listed.equals(noted);
    }

    private static PartSender.Sent sent(UploadJournal.Noted part) {
        return new PartSender.Sent(
                new Multipart.Part(part.number(), part.bytes(), part.tag(), part.confirmed()),
                part.bytes(),
                part.crc32c());
    }

    /** The upload is gone: published by the earlier run, if the object has its token; else dropped by somebody. */
    private @Nullable Found published(Multipart.Upload upload) {
        ObjectInfo there;
        try {
            there = engine.call(scope, order.verb(), order.key(), call -> engine.backend()
                    .get(GetRequest.head(order.key()), call)
                    .info());
        } catch (StorageException e) {
            boolean unconditional = order.condition().equals(WriteCondition.ALWAYS);
            // Who may not look writes it once more; with a condition that could be a conflict with ourselves.
            if (e.kind() == Kind.NOT_FOUND || (unconditional && !Resuming.mayGoOn(e, scope))) {
                return null;
            }
            throw e;
        }
        if (!journal.token().equals(there.metadata().get(Reserved.TOKEN))) {
            return null;
        }
        Map<Integer, PartSender.Sent> parts = new TreeMap<>();
        journal.parts().forEach((number, part) -> parts.put(number, sent(part)));
        return new Found(upload, parts, there);
    }

    private void drop(Multipart.Upload upload) {
        StorageException left = new UploadAbort(engine, power).drop(upload);
        if (left == null) {
            return;
        }
        if (left.getCause() instanceof StorageException why && why.retryable()) {
            // The journal is all that knows of it, so it is not written anew before it is gone.
            throw left;
        }
        LOG.warn("an earlier upload of {} stays behind: {}", engine.settings().provider(), left.getMessage());
    }
}
