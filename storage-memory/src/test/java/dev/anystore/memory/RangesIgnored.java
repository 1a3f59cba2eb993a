package dev.anystore.memory;

import dev.anystore.Capabilities;
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
import java.util.Map;

/** A store that answers every range with the whole object, as some servers do. */
final class RangesIgnored implements StorageBackend {
    private final StorageBackend inner;

    RangesIgnored(StorageBackend inner) {
        this.inner = inner;
    }

    @Override
    public Capabilities capabilities() {
        return inner.capabilities();
    }

    @Override
    public ObjectInfo put(PutRequest request, Call call) {
        return inner.put(request, call);
    }

    @Override
    public GetResponse get(GetRequest request, Call call) {
        return inner.get(
                new GetRequest(
                        request.key(),
                        request.headOnly(),
                        null,
                        request.version(),
                        request.ifRevision(),
                        request.unlessRevision()),
                call);
    }

    @Override
    public ListPage list(ListRequest request, Call call) {
        return inner.list(request, call);
    }

    @Override
    public Map<DeleteRequest.Target, StorageException> delete(DeleteRequest request, Call call) {
        return inner.delete(request, call);
    }

    @Override
    public void close() {
        inner.close();
    }
}
