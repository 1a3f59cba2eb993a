package dev.anystore.spi;

import dev.anystore.Capabilities;
import dev.anystore.ListPage;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import java.util.Map;

/**
 * What a provider implements: six blocking methods, none with a default. Thread-safe. A provider makes one attempt and
 * reports what happened; it does not retry, split, verify the whole or count: the engine does that for all. It throws
 * {@link StorageException} only, with kind and reason; operation, key and provider are added above it. It says what it
 * can do beyond these methods by also implementing {@link PoweredBackend}.
 */
public interface StorageBackend extends AutoCloseable {
    /** What this store can do, and its limits. Constant, without I/O. */
    Capabilities capabilities();

    /**
     * Puts one object in one request; no reader sees part of it. The request's condition is one that the capabilities
     * declare.
     *
     * <p>A store that declares {@code STREAMING_PUT} is given streams, and files too, whose digest nobody knows yet: it
     * computes the CRC32C while it takes the bytes, keeps it, and tells it among the checksums, now and whenever it is asked
     * for the object. Every other store finds the digest in the payload and in the metadata.
     *
     * @return what was stored; {@code verification} says whether the service checked the bytes
     */
    ObjectInfo put(PutRequest request, Call call);

    /**
     * Reads one object, one range of it, or only what is known of it. The call bounds the body too.
     *
     * @throws dev.anystore.ObjectNotFound if it is not there
     * @throws dev.anystore.RangeNotSatisfiable if the range has no byte of it
     */
    GetResponse get(GetRequest request, Call call);

    /** One page of a listing. */
    ListPage list(ListRequest request, Call call);

    /**
     * Deletes a batch in as few requests as the service allows. An absent object is success.
     *
     * @return the failures by target; empty if all are gone
     */
    Map<DeleteRequest.Target, StorageException> delete(DeleteRequest request, Call call);

    /** Frees everything, stops what is under way. Idempotent. Does not throw. */
    @Override
    void close();
}
