package dev.anystore.memory;

import dev.anystore.Checksum;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Multipart;
import java.time.Instant;
import java.util.TreeMap;

/** An upload that is neither complete nor aborted. Its parts are guarded by the lock of its space. */
final class OpenUpload {
    /** A part as it is held; a new one for the same number is another object. */
    record Held(int number, String tag, Content content, Checksum crc32c) {
        Multipart.Part part() {
            return new Multipart.Part(number, content.size(), tag, crc32c);
        }
    }

    final long sequence;
    final String key;
    final Attributes attributes;
    final long partBytes;
    final Instant begun;
    final TreeMap<Integer, Held> parts = new TreeMap<>();

    OpenUpload(long sequence, String key, Attributes attributes, long partBytes, Instant begun) {
        this.sequence = sequence;
        this.key = key;
        this.attributes = attributes;
        this.partBytes = partBytes;
        this.begun = begun;
    }

    String id() {
        return "upload-" + sequence;
    }

    Multipart.Begun describe() {
        return new Multipart.Begun(
                new Multipart.Upload(key, id()), begun, attributes.metadata().get("anystoretoken"));
    }

    long heldBytes() {
        return parts.values().stream().mapToLong(held -> held.content().size()).sum();
    }
}
