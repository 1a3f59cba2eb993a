package dev.anystore.local;

import dev.anystore.Checksum;
import dev.anystore.ListEntry;
import dev.anystore.ListPage;
import dev.anystore.ObjectInfo;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.FileRegion;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.Payload;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.StorageBackend;
import dev.anystore.spi.WriteCondition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** What the tests of this room say often. */
final class Fixtures {
    private Fixtures() {}

    static LocalBackend open(Path root) {
        return LocalBackend.open(root, new DiskChanges(false));
    }

    static ObjectInfo put(StorageBackend store, String key, String text) {
        return put(store, key, text, WriteCondition.ALWAYS);
    }

    static ObjectInfo put(StorageBackend store, String key, String text, WriteCondition condition) {
        return put(store, key, bytes(text), Attributes.NONE, condition);
    }

    static ObjectInfo put(
            StorageBackend store, String key, byte[] bytes, Attributes attributes, WriteCondition condition) {
        return store.put(new PutRequest(key, payload(bytes), attributes, condition), Call.unbounded());
    }

    static String get(StorageBackend store, String key) {
        return new String(getBytes(store, key), StandardCharsets.UTF_8);
    }

    static byte[] getBytes(StorageBackend store, String key) {
        try (GetResponse response = store.get(GetRequest.whole(key), Call.unbounded())) {
            return response.body().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectInfo head(StorageBackend store, String key) {
        try (GetResponse response = store.get(GetRequest.head(key), Call.unbounded())) {
            return response.info();
        }
    }

    static void delete(StorageBackend store, String... keys) {
        List<DeleteRequest.Target> targets = new ArrayList<>();
        for (String key : keys) {
            targets.add(new DeleteRequest.Target(key, null, null));
        }
        var failures = store.delete(new DeleteRequest(targets), Call.unbounded());
        if (!failures.isEmpty()) {
            throw failures.values().iterator().next();
        }
    }

    static List<String> keys(StorageBackend store) {
        return keys(store, "", 1000);
    }

    static List<String> keys(StorageBackend store, String prefix, int pageSize) {
        return entries(store, prefix, pageSize).stream().map(ListEntry::key).toList();
    }

    static List<ListEntry> entries(StorageBackend store, String prefix, int pageSize) {
        List<ListEntry> all = new ArrayList<>();
        String token = null;
        do {
            ListPage page = store.list(new ListRequest(prefix, null, null, pageSize, token), Call.unbounded());
            all.addAll(page.objects());
            token = page.nextPageToken().orElse(null);
        } while (token != null);
        return all;
    }

    /** Objects and folded prefixes, page after page. */
    static List<String> folded(
            StorageBackend store, String prefix, @Nullable String startAfter, String delimiter, int pageSize) {
        List<String> all = new ArrayList<>();
        String token = null;
        do {
            ListPage page =
                    store.list(new ListRequest(prefix, startAfter, delimiter, pageSize, token), Call.unbounded());
            List<String> both = new ArrayList<>(page.prefixes());
            page.objects().forEach(entry -> both.add(entry.key()));
            both.sort(dev.anystore.Keys.UTF8_ORDER);
            all.addAll(both);
            token = page.nextPageToken().orElse(null);
        } while (token != null);
        return all;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Checksum.crc32c(crc.getValue()).hex();
    }

    static Payload payload(byte[] bytes) {
        return new TestPayload(bytes.length, ByteBuffer.wrap(bytes).asReadOnlyBuffer(), null, null);
    }

    static Payload payload(Path file) {
        try {
            return new TestPayload(Files.size(file), null, new FileRegion(file, 0, Files.size(file)), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Payload stream(long length, InputStream stream) {
        return new TestPayload(length, null, null, stream);
    }

    /** A payload as the engine makes them, in each of its forms. */
    private record TestPayload(
            long length,
            @Nullable ByteBuffer buffer,
            @Nullable FileRegion file,
            @Nullable InputStream stream) implements Payload {
        @Override
        public boolean repeatable() {
            return stream == null;
        }

        @Override
        public InputStream open() throws IOException {
            if (stream != null) {
                return stream;
            }
            return buffer != null
                    ? new ByteArrayInputStream(array())
                    : Files.newInputStream(fileOnly().file());
        }

        private FileRegion fileOnly() {
            return java.util.Objects.requireNonNull(file);
        }

        private byte[] array() throws IOException {
            if (buffer == null) {
                return Files.readAllBytes(fileOnly().file());
            }
            byte[] all = new byte[buffer.remaining()];
            buffer.duplicate().get(all);
            return all;
        }

        @Override
        public Checksum checksum(Checksum.Algorithm algorithm) throws IOException {
            return new Checksum(Checksum.Algorithm.CRC32C, crc32c(array()));
        }

        @Override
        public @Nullable Checksum knownChecksum(Checksum.Algorithm algorithm) {
            return null;
        }
    }
}
