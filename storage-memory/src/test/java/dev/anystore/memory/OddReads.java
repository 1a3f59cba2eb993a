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
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** A store that reads something else than it is asked to. */
record OddReads(
        StorageBackend inner,
        UnaryOperator<GetRequest> asked,
        BiFunction<GetRequest, GetResponse, GetResponse> answered)
        implements StorageBackend {
    /** One that answers every range with the whole object, as some servers do. */
    static OddReads ignoringRanges(StorageBackend inner) {
        return new OddReads(
                inner,
                request -> new GetRequest(
                        request.key(),
                        request.headOnly(),
                        null,
                        request.version(),
                        request.ifRevision(),
                        request.unlessRevision()),
                (request, answer) -> answer);
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
        return answered.apply(request, inner.get(asked.apply(request), call));
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
        // The test closes what is within.
    }
}
