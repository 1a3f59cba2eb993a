package dev.anystore.testkit.example;

import dev.anystore.ByteRange;
import dev.anystore.Capabilities;
import dev.anystore.Capability;
import dev.anystore.ListEntry;
import dev.anystore.ListPage;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.StorageBackend;
import dev.anystore.spi.WriteCondition;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The provider of the README with one thing wrong, as somebody's store has had it wrong. */
public final class Sabotage implements StorageBackend {
    /** What is wrong. */
    public enum Fault {
        NONE,
        IGNORES_IF_ABSENT,
        DECLARES_WHAT_IT_CANNOT,
        FOLDS_CASE,
        NORMALISES_UNICODE,
        COLLAPSES_SLASHES,
        LISTS_IN_ORDER_OF_CHARS,
        LOSES_THE_LAST_OF_A_PAGE,
        LOSES_METADATA,
        LOSES_CONTENT_TYPE,
        GIVES_ONE_REVISION_TO_ALL,
        IGNORES_IF_REVISION_OF_A_GET,
        IGNORES_SUFFIX_RANGES,
        CUTS_EMPTY_RANGES,
        FAILS_TO_DELETE_THE_ABSENT,
        DELETES_ONLY_THE_FIRST,
        LEAVES_A_THREAD
    }

    private final MapBackend inner = new MapBackend();
    private final Fault fault;
    private final CountDownLatch never = new CountDownLatch(1);

    /** With this wrong. */
    public Sabotage(Fault fault) {
        this.fault = fault;
        if (fault == Fault.LEAVES_A_THREAD) {
            Thread thread = new Thread(this::idle, "anystore-left-behind");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void idle() {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends what the fault left behind. */
    public void release() {
        never.countDown();
    }

    private String key(String key) {
        return switch (fault) {
            case FOLDS_CASE -> key.toLowerCase(Locale.ROOT);
            case NORMALISES_UNICODE -> Normalizer.normalize(key, Normalizer.Form.NFC);
            case COLLAPSES_SLASHES -> key.replaceAll("/+", "/");
            default -> key;
        };
    }

    @Override
    public Capabilities capabilities() {
        Capabilities real = inner.capabilities();
        if (fault != Fault.DECLARES_WHAT_IT_CANNOT) {
            return real;
        }
        EnumSet<Capability> more = EnumSet.copyOf(real.asSet());
        more.add(Capability.PUT_IF_REVISION);
        return Capabilities.of(more, real.limits());
    }

    @Override
    public ObjectInfo put(PutRequest request, Call call) {
        var attributes =
                fault == Fault.LOSES_METADATA ? request.attributes().withMetadata(Map.of()) : request.attributes();
        if (fault == Fault.LOSES_CONTENT_TYPE) {
            attributes = dev.anystore.spi.Attributes.NONE.withMetadata(attributes.metadata());
        }
        WriteCondition condition = fault == Fault.IGNORES_IF_ABSENT ? WriteCondition.ALWAYS : request.condition();
        return changed(inner.put(new PutRequest(key(request.key()), request.payload(), attributes, condition), call));
    }

    private ObjectInfo changed(ObjectInfo info) {
        return fault == Fault.GIVES_ONE_REVISION_TO_ALL
                ? info.toBuilder().revision("r").build()
                : info;
    }

    @Override
    public GetResponse get(GetRequest request, Call call) {
        ByteRange range = request.range();
        if (range != null && range.isLast() && fault == Fault.IGNORES_SUFFIX_RANGES) {
            range = null;
        }
        if (range != null && fault == Fault.CUTS_EMPTY_RANGES) {
            long size =
                    inner.get(GetRequest.head(key(request.key())), call).info().size();
            range = range.offsetIn(size) < 0 ? null : range;
        }
        String ifRevision = fault == Fault.IGNORES_IF_REVISION_OF_A_GET ? null : request.ifRevision();
        if (fault == Fault.GIVES_ONE_REVISION_TO_ALL) {
            ifRevision = null;
        }
        GetResponse response = inner.get(
                new GetRequest(
                        key(request.key()), request.headOnly(), range, null, ifRevision, request.unlessRevision()),
                call);
        if (response.notModified()) {
            return response;
        }
        ObjectInfo info = changed(response.info());
        return request.headOnly()
                ? GetResponse.head(info)
                : GetResponse.of(info, response.offset(), response.length(), response.body());
    }

    @Override
    public ListPage list(ListRequest request, Call call) {
        ListPage page = inner.list(request, call);
        List<ListEntry> objects = new ArrayList<>(page.objects());
        if (fault == Fault.LISTS_IN_ORDER_OF_CHARS) {
            objects.sort(Comparator.comparing(ListEntry::key));
        }
        if (fault == Fault.LOSES_THE_LAST_OF_A_PAGE && page.nextPageToken().isPresent() && objects.size() > 1) {
            objects.remove(objects.size() - 1);
        }
        return ListPage.of(objects, page.prefixes(), page.nextPageToken().orElse(null));
    }

    @Override
    public Map<DeleteRequest.Target, StorageException> delete(DeleteRequest request, Call call) {
        List<DeleteRequest.Target> targets = request.targets().stream()
                .map(target -> new DeleteRequest.Target(key(target.key()), null, null))
                .toList();
        if (fault == Fault.FAILS_TO_DELETE_THE_ABSENT) {
            targets.forEach(target -> inner.get(GetRequest.head(target.key()), call));
        }
        return inner.delete(
                new DeleteRequest(fault == Fault.DELETES_ONLY_THE_FIRST ? targets.subList(0, 1) : targets), call);
    }

    @Override
    public void close() {
        inner.close();
    }
}
