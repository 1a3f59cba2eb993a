package dev.anystore;

import dev.anystore.Checksum.Algorithm;

/**
 * The digest of the digests of an object's parts, as some services keep it for what came in parts, instead of one of the
 * whole. It can be compared only by who knows where the parts begin.
 *
 * @param digest of the parts' digests, one behind the other
 * @param parts how many there are
 */
public record CompositeChecksum(Checksum digest, int parts) {
    /** Checks that there is a part. */
    public CompositeChecksum {
        if (parts < 1) {
            throw new IllegalArgumentException(parts + " parts");
        }
    }

    /** How both the parts' digests and the one of these are made. */
    public Algorithm algorithm() {
        return digest.algorithm();
    }
}
