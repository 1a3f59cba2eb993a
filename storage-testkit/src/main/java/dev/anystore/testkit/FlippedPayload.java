package dev.anystore.testkit;

import dev.anystore.Checksum;
import dev.anystore.spi.FileRegion;
import dev.anystore.spi.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A payload one bit of which changes on the way, after its digests were taken. */
final class FlippedPayload implements Payload {
    private final Payload inner;
    private final Fault.FlipBit flip;

    private FlippedPayload(Payload inner, Fault.FlipBit flip) {
        this.inner = inner;
        this.flip = flip;
    }

    /** The payload itself, unless the fault alters it. */
    static Payload unless(@Nullable Fault fault, Payload payload) {
        return fault instanceof Fault.FlipBit flip ? new FlippedPayload(payload, flip) : payload;
    }

    @Override
    public long length() {
        return inner.length();
    }

    @Override
    public boolean repeatable() {
        return inner.repeatable();
    }

    @Override
    public InputStream open() throws IOException {
        return new FaultyBody(inner.open(), flip, () -> {});
    }

    @Override
    public @Nullable FileRegion file() {
        return null;
    }

    @Override
    public @Nullable ByteBuffer buffer() {
        return null;
    }

    @Override
    public Checksum checksum(Checksum.Algorithm algorithm) throws IOException {
        return inner.checksum(algorithm);
    }

    @Override
    public @Nullable Checksum knownChecksum(Checksum.Algorithm algorithm) {
        return inner.knownChecksum(algorithm);
    }
}
