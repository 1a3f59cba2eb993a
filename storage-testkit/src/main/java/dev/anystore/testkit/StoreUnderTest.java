package dev.anystore.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertAll;

import dev.anystore.Body;
import dev.anystore.Capability;
import dev.anystore.DeleteOptions;
import dev.anystore.GetOptions;
import dev.anystore.Limits;
import dev.anystore.ListEntry;
import dev.anystore.ListOptions;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectReader;
import dev.anystore.ObjectStore;
import dev.anystore.PutOptions;
import dev.anystore.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.function.Executable;

/** The store that one sentence speaks about, with what the sentences say often. */
final class StoreUnderTest {
    /** The engine sends up to this in one request unless parts are asked for: 16 MiB. */
    private static final long SINGLE_PUT_BYTES = 16L << 20;

    private final ObjectStore store;
    private final StorageHarness harness;
    private final Path folder;
    private final String sentence;
    private final List<Deviation> deviations;

    StoreUnderTest(ObjectStore store, StorageHarness harness, Path folder, String sentence) {
        this.store = store;
        this.harness = harness;
        this.folder = folder;
        this.sentence = sentence;
        this.deviations = harness.deviations();
    }

    ObjectStore store() {
        return store;
    }

    StorageHarness harness() {
        return harness;
    }

    /** A folder on this machine, empty when the sentence begins. */
    Path folder() {
        return folder;
    }

    List<Deviation> deviations() {
        return deviations;
    }

    boolean has(Capability capability) {
        return store.capabilities().has(capability);
    }

    Limits limits() {
        return store.capabilities().limits();
    }

    /** The smallest part that the store takes, but at least 5 KiB. */
    long partBytes() {
        long least = Math.max(limits().partMinBytes(), 5 << 10);
        long alignment = limits().partAlignment();
        return (least + alignment - 1) / alignment * alignment;
    }

    /** The largest object that goes in one request when no parts are asked for. */
    long singleBytes() {
        return Math.min(limits().singlePutBytes(), SINGLE_PUT_BYTES);
    }

    /** Enough for several parts with {@link #inParts()}, the last of them short; 1 MiB where there are no parts. */
    int largeBytes() {
        long wanted = has(Capability.MULTIPART) ? 3 * partBytes() + 1 : Math.min(singleBytes(), 1 << 20);
        return Math.toIntExact(Math.min(wanted, limits().objectBytes()));
    }

    /** Options that ask for the smallest parts. */
    PutOptions inParts() {
        return has(Capability.MULTIPART) ? PutOptions.DEFAULT.withPartBytes(partBytes()) : PutOptions.DEFAULT;
    }

    /** Sizes around that of one request and those of one and two parts, within what the store takes. */
    List<Integer> boundarySizes() {
        List<Long> sizes = new ArrayList<>(List.of(0L, 1L));
        for (long limit : List.of(partBytes(), 2 * partBytes(), singleBytes())) {
            sizes.addAll(List.of(limit - 1, limit, limit + 1));
        }
        return sizes.stream()
                .filter(size -> size <= limits().objectBytes())
                .map(Math::toIntExact)
                .distinct()
                .toList();
    }

    ObjectInfo put(String key, byte[] bytes) {
        return store.put(key, Body.of(bytes), PutOptions.DEFAULT);
    }

    ObjectInfo put(String key, String text) {
        return put(key, text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] read(String key) {
        return store.getBytes(key, GetOptions.DEFAULT);
    }

    String text(String key) {
        return new String(read(key), StandardCharsets.UTF_8);
    }

    byte[] read(String key, GetOptions options) throws IOException {
        try (ObjectReader reader = store.get(key, options)) {
            return reader.readAllBytes();
        }
    }

    List<String> keys(String prefix) {
        return store.list(prefix, ListOptions.DEFAULT).stream()
                .map(ListEntry::key)
                .toList();
    }

    /** What can be listed, for cleaning up behind a row that may have failed. */
    List<String> keysIfListed() {
        try {
            return keys("");
        } catch (StorageException e) {
            return List.of();
        }
    }

    /** Deletes for cleaning up behind a row that may have failed. */
    void deleteIfPossible(String key) {
        try {
            store.delete(key, DeleteOptions.DEFAULT);
        } catch (StorageException e) {
            // The row has said what is wrong with this key.
        }
    }

    /** Bytes that no compression and no off-by-one leaves alone; the same for the same seed. */
    static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static void assertKind(StorageException.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, e -> {
            if (e.kind() != kind) {
                throw new AssertionError("expected " + kind + ", but was " + e.kind() + ": " + e, e);
            }
        });
    }

    /** One row of the sentence, which a harness may declare as deviating. */
    Executable row(String name, Executable row) {
        String full = sentence + "[" + name + "]";
        return () -> {
            try {
                DeviationRows.run(deviations, full, row);
            } catch (Throwable e) {
                throw new AssertionError(full + ": " + e, e);
            }
        };
    }

    /** Runs all rows and reports all that fail. */
    static void all(Stream<Executable> rows) {
        assertAll(rows);
    }
}
