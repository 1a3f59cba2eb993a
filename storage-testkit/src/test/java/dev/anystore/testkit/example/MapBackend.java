package dev.anystore.testkit.example;

import dev.anystore.ByteRange;
import dev.anystore.Capabilities;
import dev.anystore.Capability;
import dev.anystore.Keys;
import dev.anystore.Limits;
import dev.anystore.ListEntry;
import dev.anystore.ListPage;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.StorageBackend;
import dev.anystore.spi.WriteCondition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Objects in a sorted map: the six methods, one capability, nothing more. */
final class MapBackend implements StorageBackend {
    private static final long MOST = 64 << 20;

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Held(byte[] bytes, ObjectInfo info) {}

    private final ConcurrentSkipListMap<String, Held> objects = new ConcurrentSkipListMap<>(Keys.UTF8_ORDER);
    private final AtomicLong writes = new AtomicLong();

    @Override
    public Capabilities capabilities() {
        return Capabilities.of(
                Set.of(Capability.PUT_IF_ABSENT),
                Limits.builder()
                        .objectBytes(MOST)
                        .singlePutBytes(MOST)
                        .ifAbsentBytes(MOST)
                        .build());
    }

    @Override
    public ObjectInfo put(PutRequest request, Call call) {
        byte[] bytes;
        try (InputStream in = request.payload().open()) {
            bytes = in.readAllBytes();
        } catch (StorageIOException e) {
            throw e.storageException();
        } catch (IOException e) {
            throw StorageException.builder(Kind.SOURCE_FAILED)
                    .message("the source failed")
                    .cause(e)
                    .build();
        }
        Attributes beside = request.attributes();
        ObjectInfo info = ObjectInfo.builder(request.key(), bytes.length)
                .lastModified(Instant.now())
                .revision("r" + writes.incrementAndGet())
                .contentType(beside.contentType())
                .contentEncoding(beside.contentEncoding())
                .contentDisposition(beside.contentDisposition())
                .cacheControl(beside.cacheControl())
                .metadata(beside.metadata())
                .build();
        Held held = new Held(bytes, info);
        if (!(request.condition() instanceof WriteCondition.IfAbsent)) {
            objects.put(request.key(), held);
        } else if (objects.putIfAbsent(request.key(), held) != null) {
            throw StorageException.builder(Kind.PRECONDITION_FAILED)
                    .message("the key is taken")
                    .build();
        }
        return info;
    }

    @Override
    public GetResponse get(GetRequest request, Call call) {
        Held held = objects.get(request.key());
        if (held == null) {
            throw StorageException.builder(Kind.NOT_FOUND)
                    .message("no object has this key")
                    .build();
        }
        String revision = held.info().revision();
        if (request.ifRevision() != null && !request.ifRevision().equals(revision)) {
            throw StorageException.builder(Kind.PRECONDITION_FAILED)
                    .message("it has revision " + revision)
                    .build();
        }
        if (revision.equals(request.unlessRevision())) {
            return GetResponse.unchanged();
        }
        if (request.headOnly()) {
            return GetResponse.head(held.info());
        }
        int size = held.bytes().length;
        ByteRange range = request.range();
        if (range != null && range.offsetIn(size) < 0) {
            throw StorageException.builder(Kind.RANGE_NOT_SATISFIABLE)
                    .objectSize(size)
                    .build();
        }
        int offset = range == null ? 0 : (int) range.offsetIn(size);
        int length = range == null ? size : (int) range.lengthIn(size);
        return GetResponse.of(held.info(), offset, length, new ByteArrayInputStream(held.bytes(), offset, length));
    }

    @Override
    public ListPage list(ListRequest request, Call call) {
        // A token is the last thing shown: "o" and a key, or "p" and a prefix that was folded.
        String token = request.pageToken() == null ? "o" : request.pageToken();
        if (!token.startsWith("o") && !token.startsWith("p")) {
            throw StorageException.builder(Kind.INVALID_ARGUMENT)
                    .message("this is no page token")
                    .build();
        }
        String start = request.pageToken() == null ? request.startAfter() : null;
        String after = start == null ? token.substring(1) : start;
        String delimiter = request.delimiter();
        List<ListEntry> shown = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        for (Held held : objects.tailMap(after, false).values()) {
            ObjectInfo info = held.info();
            String key = info.key();
            boolean folded = token.startsWith("p") && key.startsWith(token.substring(1));
            if (folded || !key.startsWith(request.prefix())) {
                continue;
            }
            if (shown.size() + prefixes.size() == request.pageSize()) {
                return ListPage.of(shown, prefixes, token);
            }
            int cut = delimiter == null
                    ? -1
                    : key.indexOf(delimiter, request.prefix().length());
            if (delimiter == null || cut < 0) {
                shown.add(ListEntry.of(key, info.size(), info.lastModified(), info.revision(), null));
                token = "o" + key;
            } else {
                prefixes.add(key.substring(0, cut + delimiter.length()));
                token = "p" + prefixes.get(prefixes.size() - 1);
            }
        }
        return ListPage.of(shown, prefixes, null);
    }

    @Override
    public Map<DeleteRequest.Target, StorageException> delete(DeleteRequest request, Call call) {
        request.targets().forEach(target -> objects.remove(target.key()));
        return Map.of();
    }

    @Override
    public void close() {
        objects.clear();
    }
}
