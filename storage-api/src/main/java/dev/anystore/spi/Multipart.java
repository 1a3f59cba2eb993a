package dev.anystore.spi;

import dev.anystore.ByteRange;
import dev.anystore.Checksum;
import dev.anystore.ObjectInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The power to put an object in parts. Part numbers begin at 1 and are chosen by the engine. */
public interface Multipart {
    /**
     * Begins an upload.
     *
     * @return the upload id
     */
    String begin(Begin request, Call call);

    /** Puts one part; the same number again replaces it. */
    Part putPart(Upload upload, int number, Payload payload, Call call);

    /** Puts one part from an object that the service has already; the range of its source is never empty. */
    Part copyPart(Upload upload, int number, Source source, Call call);

    /**
     * Publishes the parts as one object.
     *
     * @return what was stored
     */
    ObjectInfo complete(Complete request, Call call);

    /** Drops an upload and its parts. One that is not there is success. */
    void abort(Upload upload, Call call);

    /**
     * The parts that the service holds, in the order of their numbers.
     *
     * @param afterNumber only parts behind this number; 0 for the first page
     * @throws dev.anystore.ObjectNotFound if the upload is not there
     */
    PartPage parts(Upload upload, int afterNumber, Call call);

    /** Unfinished uploads of keys with this prefix, one page. */
    UploadPage uploads(String prefix, @Nullable String pageToken, Call call);

    /**
     * How an upload begins.
     *
     * @param key the key
     * @param attributes what is stored beside the bytes
     * @param condition the condition that {@link #complete} will have, for services that want it earlier too
     * @param partBytes the size of all parts but the last; 0 if they will differ
     * @param copied whether parts will come from {@link #copyPart}, which not every service can digest
     */
    record Begin(String key, Attributes attributes, WriteCondition condition, long partBytes, boolean copied) {
        /** An upload whose parts are all put. */
        public Begin(String key, Attributes attributes, WriteCondition condition, long partBytes) {
            this(key, attributes, condition, partBytes, false);
        }
    }

    /**
     * An upload.
     *
     * @param key its key
     * @param uploadId the service's id
     */
    record Upload(String key, String uploadId) {}

    /**
     * A part that the service holds.
     *
     * @param number from 1
     * @param bytes its size
     * @param tag the service's entity tag or digest that names its bytes
     * @param checksum the digest that the service checked or computed, or null
     */
    record Part(
            int number, long bytes, String tag, @Nullable Checksum checksum) {}

    /**
     * A part's source on the same service.
     *
     * @param key of the object
     * @param version of it, or null
     * @param ifRevision the revision that it must have
     * @param range its bytes
     */
    record Source(
            String key, @Nullable String version, @Nullable String ifRevision, ByteRange range) {}

    /**
     * What is published.
     *
     * @param upload the upload
     * @param attributes as at the beginning, for services that take them at the end
     * @param parts all of them, in order, without gaps
     * @param size the sum of their sizes
     * @param condition when to publish
     * @param checksum the digest of the whole object if it is known, or null
     */
    record Complete(
            Upload upload,
            Attributes attributes,
            List<Part> parts,
            long size,
            WriteCondition condition,
            @Nullable Checksum checksum) {}

    /**
     * Some parts.
     *
     * @param parts in order
     * @param more whether others follow
     */
    record PartPage(List<Part> parts, boolean more) {}

    /**
     * Some uploads.
     *
     * @param uploads in the order of the service
     * @param nextPageToken of the next page, or null
     */
    record UploadPage(List<Begun> uploads, @Nullable String nextPageToken) {}

    /**
     * An unfinished upload.
     *
     * @param upload what it is
     * @param begun when it began
     * @param token the library's own {@code anystoretoken} among the metadata that it began with; null where the list does not
     *     show it
     */
    record Begun(Upload upload, Instant begun, @Nullable String token) {
        /** An upload whose metadata the list does not show. */
        public Begun(Upload upload, Instant begun) {
            this(upload, begun, null);
        }
    }
}
