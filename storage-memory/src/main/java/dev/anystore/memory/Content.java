package dev.anystore.memory;

import dev.anystore.Checksum;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The bytes of an object, immutable once made. Kept in pieces of at most {@link #PIECE_BYTES}, so that an object of unknown
 * length never needs one array of its whole size, and parts become an object without being copied.
 */
final class Content {
    /** Large enough that a piece costs nothing beside its bytes, small enough that half-filled ones do not matter. */
    static final int PIECE_BYTES = 1 << 20;

    static final Content EMPTY = new Content(List.of());

    /** {@code length} bytes of {@code bytes} from {@code from}; never empty. Nobody writes into the array any more. */
    @SuppressWarnings("ArrayRecordComponent") // A view of shared bytes, never compared.
    record Piece(byte[] bytes, int from, int length) {}

    private final List<Piece> pieces;
    private final long[] ends;

    Content(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
        this.ends = new long[pieces.size()];
        long end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += pieces.get(i).length();
            ends[i] = end;
        }
    }

    /** These contents one after the other, sharing their bytes. */
    static Content join(List<Content> contents) {
        List<Piece> all = new ArrayList<>();
        contents.forEach(content -> all.addAll(content.pieces));
        return new Content(all);
    }

    long size() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** These bytes of it, shared. */
    Content slice(long offset, long length) {
        List<Piece> inside = new ArrayList<>();
        long at = offset;
        long left = length;
        for (int i = pieceAt(offset); left > 0; i++) {
            Piece piece = pieces.get(i);
            int skip = (int) (at - (ends[i] - piece.length()));
            int take = (int) Math.min(left, piece.length() - skip);
            inside.add(new Piece(piece.bytes(), piece.from() + skip, take));
            at += take;
            left -= take;
        }
        return new Content(inside);
    }

    private int pieceAt(long offset) {
        int low = 0;
        int high = ends.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ends[middle] <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    Checksum crc32c() {
        CRC32C crc = new CRC32C();
        pieces.forEach(piece -> crc.update(piece.bytes(), piece.from(), piece.length()));
        return Checksum.crc32c(crc.getValue());
    }
}
