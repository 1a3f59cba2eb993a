package dev.anystore.testkit;

import dev.anystore.Body;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Every way in which a caller may hand over bytes. */
enum BodyKind {
    BYTES,
    BUFFER,
    DIRECT_BUFFER,
    FILE,
    SOURCE,
    SOURCE_OF_KNOWN_LENGTH,
    STREAM,
    STREAM_OF_KNOWN_LENGTH;

    Body of(byte[] bytes, Path folder) throws IOException {
        return switch (this) {
            case BYTES -> Body.of(bytes);
            case BUFFER -> {
                // Neither at the beginning of its array nor at the end.
                ByteBuffer larger = ByteBuffer.allocate(bytes.length + 7);
                larger.position(3);
                larger.put(bytes);
                larger.flip().position(3);
                yield Body.of(larger);
            }
            case DIRECT_BUFFER ->
                Body.of(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
            case FILE -> Body.of(Files.write(folder.resolve("body"), bytes));
            case SOURCE -> Body.from(() -> new ByteArrayInputStream(bytes));
            case SOURCE_OF_KNOWN_LENGTH -> Body.from(() -> new ByteArrayInputStream(bytes), bytes.length);
            case STREAM -> Body.stream(new ByteArrayInputStream(bytes));
            case STREAM_OF_KNOWN_LENGTH -> Body.stream(new ByteArrayInputStream(bytes), bytes.length);
        };
    }
}
