package dev.anystore.engine;

import dev.anystore.Checksum;
import dev.anystore.CompositeChecksum;
import dev.anystore.ObjectInfo;
import org.jspecify.annotations.Nullable;

/**
 * What bytes are held to when they are read.
 *
 * @param value of the digest
 * @param partBytes size of the parts whose digests it is made of; 0 for a digest of the bytes themselves
 */
record KnownDigest(Checksum value, long partBytes) {
    /** The best that is known of the whole object: what its writer recorded, then what the service says; or null. */
    static @Nullable KnownDigest of(ObjectInfo info) {
        Checksum ours = Reserved.crc32c(info.metadata(), info.size());
        Checksum best = ours != null ? ours : Digests.best(info.checksums());
        return best != null ? of(best) : ofParts(info);
    }

    /** A digest of the bytes; null if there is none, or none that this library can make. */
    static @Nullable KnownDigest of(@Nullable Checksum checksum) {
        return checksum == null || Digests.begin(checksum.algorithm()) == null ? null : new KnownDigest(checksum, 0);
    }

    /** One of the parts, if this library wrote them: only then is it known where they begin. */
    private static @Nullable KnownDigest ofParts(ObjectInfo info) {
        CompositeChecksum composite = info.compositeChecksum().orElse(null);
        long bytes = Reserved.partBytes(info.metadata());
        if (composite == null || bytes <= 0 || info.size() <= 0 || Digests.begin(composite.algorithm()) == null) {
            return null;
        }
        // Whoever copies the object may keep the metadata, and cut other parts.
        boolean sameCount = (info.size() - 1) / bytes + 1 == composite.parts();
        return sameCount ? new KnownDigest(composite.digest(), bytes) : null;
    }

    /** Whether it can be joined from the CRC32Cs of pieces. */
    boolean isJoined() {
        return partBytes == 0 && value.algorithm() == Checksum.Algorithm.CRC32C;
    }

    /** Begins to make the same. */
    Digests begin() {
        Digests digest =
                partBytes == 0 ? Digests.begin(value.algorithm()) : new Digests.OfParts(value.algorithm(), partBytes);
        if (digest == null) {
            throw new IllegalStateException("no " + value.algorithm() + " here");
        }
        return digest;
    }
}
