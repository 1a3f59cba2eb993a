package dev.anystore;

import dev.anystore.engine.BodyReader;
import dev.anystore.engine.Download;
import dev.anystore.engine.Engine;
import dev.anystore.engine.EngineSettings;
import dev.anystore.engine.JournalPlace;
import dev.anystore.engine.Meter;
import dev.anystore.engine.Reserved;
import dev.anystore.engine.Scope;
import dev.anystore.engine.Upload;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Destination;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.StorageBackend;
import dev.anystore.spi.WriteCondition;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of one provider. Thread-safe, also for virtual threads; opened from a {@link StorageConfig}, closed by whoever
 * opened it. Every verb blocks and throws {@link StorageException} only. A success means that the bytes are there.
 *
 * <p>Keys are opaque strings ({@link Keys}). Writes are whole or not at all: no reader sees part of one. Requests that
 * fail for a passing reason are made again, at most {@code STORAGE_ATTEMPTS} times.
 */
public final class ObjectStore implements AutoCloseable {
    private final Engine engine;
    private final String prefix;
    private final @Nullable URI publicBase;
    /** A view closes nothing. */
    private final boolean owner;

    private ObjectStore(Engine engine, String prefix, @Nullable URI publicBase, boolean owner) {
        this.engine = engine;
        this.prefix = prefix;
        this.publicBase = publicBase;
        this.owner = owner;
    }

    /** A store over a provider of one's own, a decorator, or a fake; closing the store closes the backend. */
    public static ObjectStore of(StorageBackend backend, StoreOptions options) {
        return open(backend, "custom", options, new Destination("", null, null, null), "");
    }

    static ObjectStore open(
            StorageBackend backend, String provider, StoreOptions options, Destination destination, String prefix) {
        EngineSettings base = EngineSettings.defaults(provider);
        int storeConnections = options.maxConnections().orElse(base.storeConnections());
        EngineSettings settings = new EngineSettings(
                provider,
                options.partBytes().orElse(base.partBytes()),
                Math.min(storeConnections, options.connectionsPerTransfer().orElse(base.connections())),
                storeConnections,
                options.bufferBytes().orElse(base.bufferBytes()),
                options.attempts().orElse(base.attempts()),
                options.deadline().orElse(base.operationTimeout()),
                options.executor().orElse(null),
                options.journal()
                        .map(folder -> journal(folder, provider, destination))
                        .orElse(null));
        return new ObjectStore(new Engine(backend, settings), prefix, destination.publicBase(), true);
    }

    private static JournalPlace journal(Path folder, String provider, Destination destination) {
        URI endpoint = destination.endpoint();
        String host = "";
        if (endpoint != null) {
            // Not the authority, in which somebody may have written a password.
            host = endpoint.getHost() == null
                    ? String.valueOf(endpoint.getPath())
                    : endpoint.getHost() + (endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort());
        }
        return new JournalPlace(folder, provider, host, destination.bucket());
    }

    // ---- writing

    /** {@link #put(String, Body, PutOptions)} that overwrites. */
    public ObjectInfo put(String key, Body body) {
        return put(key, body, PutOptions.DEFAULT);
    }

    /**
     * Writes an object. One request up to 16 MiB (or up to the part size that was set); above it, where the store takes
     * parts, {@code ceil(size / part) + 2} requests, of which as many as {@code STORAGE_CONNECTIONS} at once. A stream needs
     * one buffer for each part under way; memory and files are not copied.
     *
     * @return what was stored; {@link ObjectInfo#verification()} says what the service checked
     * @throws PreconditionFailed if a condition of the options does not hold
     * @throws UnsupportedCapability if the store does not honour the condition; before any I/O
     * @throws StorageException of kind {@code SOURCE_FAILED} or {@code SOURCE_CHANGED} if the body failed or changed
     */
    public ObjectInfo put(String key, Body body, PutOptions options) {
        return put("put", key, body, options, new Meter(options.progress()));
    }

    ObjectInfo put(String verb, String key, Body body, PutOptions options, Meter meter) {
        String full = checked(verb, key);
        requireWrites(verb, full, options.condition());
        try (Scope scope = transfer(verb, full)) {
            return put(scope, verb, full, body, options, meter);
        }
    }

    ObjectInfo put(Scope scope, String verb, String full, Body body, PutOptions options, Meter meter) {
        return put(scope, verb, full, body, options, meter, null);
    }

    /** The same, going on with a journal if one is named. */
    ObjectInfo put(
            Scope scope,
            String verb,
            String full,
            Body body,
            PutOptions options,
            Meter meter,
            @Nullable String resume) {
        Upload.Order order = new Upload.Order(
                verb,
                full,
                options.attributes(),
                options.condition(),
                options.checksum().orElse(null),
                options.recordsChecksum(),
                options.partBytes().orElse(0),
                meter,
                resume);
        try {
            return relative(send(new Upload(engine, scope, order), body));
        } catch (StorageException e) {
            throw engine.named(e, verb, full);
        }
    }

    private static ObjectInfo send(Upload upload, Body body) {
        ByteBuffer buffer = body.buffer();
        if (buffer != null) {
            return upload.buffer(buffer);
        }
        Path file = body.file();
        if (file != null) {
            return upload.file(file);
        }
        InputStream stream;
        try {
            stream = body.open();
        } catch (IOException e) {
            throw dev.anystore.engine.Failures.ofSource(e);
        }
        try {
            return upload.stream(stream, body.length());
        } finally {
            if (body.ownsStream()) {
                closeQuietly(stream);
            }
        }
    }

    private static void closeQuietly(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // All bytes were read, or the put has failed already: the source's close can't change either.
            org.slf4j.LoggerFactory.getLogger("dev.anystore").debug("closing the source failed", e);
        }
    }

    /** {@link #upload(Path, String, PutOptions)} that overwrites. */
    public ObjectInfo upload(Path file, String key) {
        return upload(file, key, PutOptions.DEFAULT);
    }

    /**
     * Writes a file, in parallel parts where it is large, without copying it into memory. A file that changes meanwhile is
     * {@code SOURCE_CHANGED}: nothing is published, except where one request took the whole file and the service could not
     * see the change, which the message says. For requests and errors see {@link #put(String, Body, PutOptions)}.
     */
    public ObjectInfo upload(Path file, String key, PutOptions options) {
        return put("upload", key, Body.of(file), options, new Meter(options.progress()));
    }

    /** Goes on with the upload of this journal; the key is whole. */
    ObjectInfo resume(String full, Path file, PutOptions options, String journal) {
        requireWrites("upload", full, options.condition());
        try (Scope scope = transfer("upload", full)) {
            Meter meter = new Meter(options.progress());
            return put(scope, "upload", full, Body.of(file), options, meter, journal);
        }
    }

    /** {@link #write(String, WriteFunction, PutOptions)} that overwrites. */
    public ObjectInfo write(String key, WriteFunction function) {
        return write(key, function, PutOptions.DEFAULT);
    }

    /**
     * Writes what the function writes; it is published when the function returns, and dropped when it throws. What it throws
     * unchecked passes unchanged; an {@link IOException} becomes the cause of kind {@code SOURCE_FAILED}.
     */
    public ObjectInfo write(String key, WriteFunction function, PutOptions options) {
        try (ObjectWriter writer = openWriter(key, options)) {
            try {
                function.writeTo(writer.stream());
            } catch (IOException e) {
                throw engine.named(dev.anystore.engine.Failures.ofSource(e), "write", full(key));
            }
            return writer.commit();
        }
    }

    /** {@link #openWriter(String, PutOptions)} that overwrites. */
    public ObjectWriter openWriter(String key) {
        return openWriter(key, PutOptions.DEFAULT);
    }

    /**
     * Opens a writer: bytes go out in parts while they are written, and are published by {@link ObjectWriter#commit()}
     * alone. Takes a thread of its own for as long as it is open.
     */
    public ObjectWriter openWriter(String key, PutOptions options) {
        String full = checked("write", key);
        requireWrites("write", full, options.condition());
        return ObjectWriter.open(this, engine, full, options);
    }

    // ---- reading

    /** {@link #get(String, GetOptions)} of the whole object. */
    public ObjectReader get(String key) {
        return get(key, GetOptions.DEFAULT);
    }

    /**
     * Opens an object, or a range of it, for reading. One request; more if a connection breaks.
     *
     * @return to be closed by the caller
     * @throws ObjectNotFound if it is absent
     * @throws RangeNotSatisfiable if the range has no byte of it
     * @throws PreconditionFailed if it does not have the revision that the options name
     */
    public ObjectReader get(String key, GetOptions options) {
        String full = checked("get", key);
        BodyReader reader = BodyReader.open(engine, "get", getRequest("get", full, options), options.requireVerified());
        return reader(Objects.requireNonNull(reader, "unconditional"), options);
    }

    /** {@link #getIfChanged(String, String, GetOptions)} of the whole object. */
    public Optional<ObjectReader> getIfChanged(String key, String knownRevision) {
        return getIfChanged(key, knownRevision, GetOptions.DEFAULT);
    }

    /** The object, unless it still has the revision that the caller knows; then empty, without a body. One request. */
    public Optional<ObjectReader> getIfChanged(String key, String knownRevision, GetOptions options) {
        String full = checked("get", key);
        GetRequest request = getRequest("get", full, options).withUnlessRevision(knownRevision);
        BodyReader reader = BodyReader.open(engine, "get", request, options.requireVerified());
        return Optional.ofNullable(reader).map(r -> reader(r, options));
    }

    private ObjectReader reader(BodyReader reader, GetOptions options) {
        if (options.progress() != null) {
            reader.measure(new Meter(options.progress()));
        }
        return new ObjectReader(reader, revealed(reader.info()));
    }

    /** {@link #getBytes(String, GetOptions)} of the whole object. */
    public byte[] getBytes(String key) {
        return getBytes(key, GetOptions.DEFAULT);
    }

    /** All bytes of an object or a range in memory, verified where a digest is known. At most 2 GiB. */
    public byte[] getBytes(String key, GetOptions options) {
        String full = checked("get", key);
        try (BodyReader reader = Objects.requireNonNull(
                BodyReader.open(engine, "get", getRequest("get", full, options), options.requireVerified()))) {
            if (reader.length() > Integer.MAX_VALUE - 8) {
                throw failure(StorageException.Kind.INVALID_ARGUMENT, "get", full)
                        .message("the object has " + reader.length() + " bytes, more than an array holds")
                        .fix("read it as a stream, or download it")
                        .build();
            }
            if (options.progress() != null) {
                reader.measure(new Meter(options.progress()));
            }
            byte[] bytes = new byte[(int) reader.length()];
            int got = 0;
            while (got < bytes.length) {
                got += reader.read(bytes, got, bytes.length - got);
            }
            return bytes;
        }
    }

    /** {@link #getRanges(String, List, GetOptions)} of the current object. */
    public List<ByteBuffer> getRanges(String key, List<ByteRange> ranges) {
        return getRanges(key, ranges, GetOptions.DEFAULT);
    }

    /**
     * Several ranges of one revision, in the order asked for. Near ones are fetched together: at most one request for each
     * range, fewer where gaps are small; several at once.
     */
    public List<ByteBuffer> getRanges(String key, List<ByteRange> ranges, GetOptions options) {
        String full = checked("get", key);
        requireVersions("get", full, options);
        requireNoRange("get", full, options, "ranges are given by themselves");
        try (Scope scope = transfer("get", full)) {
            return new Ranges(engine, scope, full, options).fetch(ranges);
        } catch (StorageException e) {
            throw engine.named(e, "get", full);
        }
    }

    /** {@link #openChannel(String, GetOptions)} of the current object. */
    public ObjectChannel openChannel(String key) {
        return openChannel(key, GetOptions.DEFAULT);
    }

    /** Opens an object for random reading by many threads, pinned to the revision that it has now. One request. */
    public ObjectChannel openChannel(String key, GetOptions options) {
        String full = checked("get", key);
        requireVersions("get", full, options);
        requireNoRange("get", full, options, "a channel reads where it is asked to");
        ObjectInfo info = headFull("get", full, options.version().orElse(null));
        if (options.ifRevision().isPresent() && !options.ifRevision().get().equals(info.revision())) {
            throw failure(StorageException.Kind.PRECONDITION_FAILED, "get", full)
                    .message("the object has another revision")
                    .build();
        }
        return new ObjectChannel(engine, full, relative(info), options);
    }

    /** {@link #download(String, Path, GetOptions)} of the current object. */
    public ObjectInfo download(String key, Path file) {
        return download(key, file, GetOptions.DEFAULT);
    }

    /**
     * Reads an object into a file: whole, verified, forced to the disk, then renamed. Until then the file is as it was; its
     * folder must exist. A link at its place is replaced, not followed; a device, a pipe or a socket is refused. One
     * request, and for a large object one more for each 8 MiB that others fetch at the same time.
     *
     * @throws IntegrityFailure if the bytes differ from the digest that is known
     * @throws StorageException of kind {@code OBJECT_CHANGED} if the object was replaced meanwhile
     */
    public ObjectInfo download(String key, Path file, GetOptions options) {
        return download("download", key, file, options, new Meter(options.progress()));
    }

    ObjectInfo download(String verb, String key, Path file, GetOptions options, Meter meter) {
        String full = checked(verb, key);
        try (Scope scope = transfer(verb, full)) {
            return download(scope, verb, full, file, options, meter);
        }
    }

    ObjectInfo download(Scope scope, String verb, String full, Path file, GetOptions options, Meter meter) {
        requireNoRange(verb, full, options, "a download is of the whole object");
        try {
            GetRequest request = getRequest(verb, full, options);
            return relative(new Download(engine, scope, verb, request, options.requireVerified(), meter).to(file));
        } catch (StorageException e) {
            throw engine.named(e, verb, full);
        }
    }

    private GetRequest getRequest(String verb, String full, GetOptions options) {
        requireVersions(verb, full, options);
        return new GetRequest(
                full,
                false,
                options.range().orElse(null),
                options.version().orElse(null),
                options.ifRevision().orElse(null),
                null);
    }

    /**
     * What is known of an object. One request.
     *
     * @throws ObjectNotFound if it is absent
     */
    public ObjectInfo head(String key) {
        String full = checked("head", key);
        return relative(headFull("head", full, null));
    }

    private ObjectInfo headFull(String verb, String full, @Nullable String version) {
        return engine.call(verb, full, call -> engine.backend()
                .get(GetRequest.head(full).withVersion(version), call)
                .info());
    }

    /** What is known of an object, or empty if it is absent. One request. */
    public Optional<ObjectInfo> find(String key) {
        try {
            return Optional.of(head(key));
        } catch (ObjectNotFound e) {
            return Optional.empty();
        }
    }

    /** Whether an object is there. One request. */
    public boolean exists(String key) {
        return find(key).isPresent();
    }

    // ---- listing

    /** {@link #list(String, ListOptions)} of everything with the prefix. */
    public Listing list(String prefix) {
        return list(prefix, ListOptions.DEFAULT);
    }

    /** All objects whose keys begin with the prefix, in {@link Keys#UTF8_ORDER}. One request a page, made when needed. */
    public Listing list(String keyPrefix, ListOptions options) {
        if (options.delimiter().isPresent() || options.pageToken().isPresent()) {
            throw failure(StorageException.Kind.INVALID_ARGUMENT, "list", keyPrefix)
                    .message("delimiter and page token are for listPage")
                    .build();
        }
        engine.checkOpen();
        return new Listing(token -> listPage(keyPrefix, options.withPageToken(token)));
    }

    /** {@link #listPage(String, ListOptions)}, the first full page. */
    public ListPage listPage(String prefix) {
        return listPage(prefix, ListOptions.DEFAULT);
    }

    /** One page of a listing. One request. */
    public ListPage listPage(String keyPrefix, ListOptions options) {
        Limits limits = engine.capabilities().limits();
        int size = options.pageSize() == 0 ? limits.usualListPage() : Math.min(limits.listPage(), options.pageSize());
        String startAfter = options.startAfter().map(this::full).orElse(null);
        String delimiter = options.delimiter().orElse(null);
        if (size < 0 || (delimiter != null && delimiter.isEmpty())) {
            throw failure(StorageException.Kind.INVALID_ARGUMENT, "list", keyPrefix)
                    .message(size < 0 ? "the page size is " + options.pageSize() : "the delimiter is empty")
                    .build();
        }
        ListRequest request = new ListRequest(
                full(keyPrefix),
                startAfter,
                delimiter,
                size,
                options.pageToken().orElse(null));
        ListPage page =
                engine.call("list", full(keyPrefix), call -> engine.backend().list(request, call));
        requireWithin(request.prefix(), page);
        if (prefix.isEmpty()) {
            return page;
        }
        return ListPage.of(
                page.objects().stream()
                        .map(e -> e.withKey(relativeKey(e.key())))
                        .toList(),
                page.prefixes().stream().map(this::relativeKey).toList(),
                page.nextPageToken().orElse(null));
    }

    /** What is listed is deleted, downloaded and renamed by its key: a key that was not asked for must not get so far. */
    private void requireWithin(String listed, ListPage page) {
        boolean within = page.objects().stream().allMatch(entry -> entry.key().startsWith(listed))
                && page.prefixes().stream().allMatch(each -> each.startsWith(listed));
        if (!within) {
            throw failure(StorageException.Kind.PROTOCOL, "list", listed)
                    .message("the service listed a key outside of the prefix")
                    .build();
        }
    }

    // ---- deleting

    /** {@link #delete(String, DeleteOptions)} of the current object, whatever it is. */
    public void delete(String key) {
        delete(key, DeleteOptions.DEFAULT);
    }

    /**
     * Deletes an object; an absent one is success. One request. On a store that keeps versions the object is only hidden,
     * and goes on costing, unless the options name a version.
     */
    public void delete(String key, DeleteOptions options) {
        new Deletes(this, engine).one(checked("delete", key), options);
    }

    /**
     * Deletes objects, in batches where the service takes them. Tries all.
     *
     * @throws Incomplete if some are still there; it names each with its reason
     */
    public void deleteAll(Collection<String> keys) {
        new Deletes(this, engine)
                .all(keys.stream().map(key -> checked("delete", key)).toList());
    }

    /** {@link #deletePrefix(String, DeletePrefixOptions)} of at most 1,000 objects. */
    public long deletePrefix(String keyPrefix) {
        return deletePrefix(keyPrefix, DeletePrefixOptions.DEFAULT);
    }

    /**
     * Deletes everything whose key begins with the prefix. If there are more objects than the maximum it refuses, before
     * the first delete.
     *
     * @return how many were deleted
     */
    public long deletePrefix(String keyPrefix, DeletePrefixOptions options) {
        if (keyPrefix.isEmpty() && !options.allowEmptyPrefix()) {
            throw failure(StorageException.Kind.INVALID_ARGUMENT, "delete", null)
                    .message("the empty prefix means everything")
                    .fix("say withAllowEmptyPrefix(true) if everything is meant")
                    .build();
        }
        return new Deletes(this, engine).prefix(keyPrefix, options);
    }

    // ---- copying

    /** {@link #copy(String, String, CopyOptions)} that overwrites. */
    public ObjectInfo copy(String from, String to) {
        return copy(from, to, CopyOptions.DEFAULT);
    }

    /**
     * Copies an object within the store: by the service where it can, else through this machine. One request for the
     * service's copy and one to look at the source; above {@link Limits#singleCopyBytes()} one more for each part of 128 MiB
     * and two to begin and to publish, and a condition is then one of {@code COMPLETE_IF_…} too. Compared is what both sides
     * say of the bytes: {@link ObjectInfo#verification()} tells whether that was a digest.
     *
     * @throws ObjectNotFound if the source is absent
     */
    public ObjectInfo copy(String from, String to, CopyOptions options) {
        return copy("copy", from, to, options, new Meter(options.progress()));
    }

    ObjectInfo copy(String verb, String from, String to, CopyOptions options, Meter meter) {
        String source = checked(verb, from);
        String target = checked(verb, to);
        try (Scope scope = transfer(verb, target)) {
            return new Copies(this, engine, scope).within(verb, source, target, options, meter);
        } catch (StorageException e) {
            throw engine.named(e, verb, target);
        }
    }

    /** {@link #copyFrom(ObjectStore, String, String, CopyOptions)} that overwrites. */
    public ObjectInfo copyFrom(ObjectStore source, String from, String to) {
        return copyFrom(source, from, to, CopyOptions.DEFAULT);
    }

    /** Copies an object of another store into this one, through this machine, verified on the way in. */
    public ObjectInfo copyFrom(ObjectStore source, String from, String to, CopyOptions options) {
        if (source.engine == engine) {
            return copyWithin(source, from, to, options);
        }
        String target = checked("copy", to);
        try (Scope scope = transfer("copy", target)) {
            return new Copies(this, engine, scope)
                    .between(source, from, target, options, new Meter(options.progress()));
        } catch (StorageException e) {
            throw engine.named(e, "copy", target);
        }
    }

    private ObjectInfo copyWithin(ObjectStore view, String from, String to, CopyOptions options) {
        ObjectStore root = new ObjectStore(engine, "", publicBase, false);
        return relative(root.copy(view.full(from), full(to), options));
    }

    /** {@link #move(String, String, CopyOptions)} that overwrites. */
    public ObjectInfo move(String from, String to) {
        return move(from, to, CopyOptions.DEFAULT);
    }

    /**
     * Copies an object and then deletes the source, if it is still the one that was copied. A store that can't delete on a
     * condition is asked just before: a write of the source between that look and the delete is lost there.
     *
     * @throws StorageException of kind {@code OBJECT_CHANGED} or {@code PRECONDITION_FAILED} if the source was replaced
     *     meanwhile; the copy is there, and so is the new source
     */
    public ObjectInfo move(String from, String to, CopyOptions options) {
        if (from.equals(to)) {
            throw failure(StorageException.Kind.INVALID_ARGUMENT, "move", from)
                    .message("source and target are the same key")
                    .build();
        }
        String revision = options.sourceRevision() != null
                ? options.sourceRevision()
                : head(from).revision();
        ObjectInfo copied = copy("move", from, to, options.fromRevision(revision), new Meter(options.progress()));
        if (engine.capabilities().has(Capability.DELETE_IF_REVISION) && !revision.isEmpty()) {
            delete(from, DeleteOptions.DEFAULT.ifRevision(revision));
            return copied;
        }
        ObjectInfo now = find(from).orElse(null);
        if (now != null && !now.revision().equals(revision)) {
            throw failure(StorageException.Kind.OBJECT_CHANGED, "move", full(from))
                    .message("the source was replaced after it was copied; both are there")
                    .fix("move it again")
                    .build();
        }
        delete(from);
        return copied;
    }

    // ---- trees

    /** {@link #uploadAll(Path, String, TreeOptions)} of every file. */
    public TreeResult uploadAll(Path folder, String keyPrefix) {
        return uploadAll(folder, keyPrefix, TreeOptions.DEFAULT);
    }

    /**
     * Uploads every file below a folder, several at once. A key is the prefix and the path below the folder with {@code /}.
     * Links are not followed. Tries all, unless the credentials are refused or the bucket is absent.
     *
     * @throws Incomplete if some failed; it names each with its reason
     */
    public TreeResult uploadAll(Path folder, String keyPrefix, TreeOptions options) {
        return new Trees(this, engine, options).upload(folder, keyPrefix);
    }

    /** {@link #downloadAll(String, Path, TreeOptions)} of every object. */
    public TreeResult downloadAll(String keyPrefix, Path folder) {
        return downloadAll(keyPrefix, folder, TreeOptions.DEFAULT);
    }

    /**
     * Downloads every object whose key begins with the prefix, several at once; the rest of the key is the path below the
     * folder, whose folders are created. A key that would leave the folder, or is no file name, is refused and named. Tries
     * all, unless the credentials are refused or the bucket is absent.
     *
     * @throws Incomplete if some failed; it names each with its reason
     */
    public TreeResult downloadAll(String keyPrefix, Path folder, TreeOptions options) {
        return new Trees(this, engine, options).download(keyPrefix, folder);
    }

    /** {@link #copyAll(ObjectStore, String, String, TreeOptions)} of every object. */
    public TreeResult copyAll(ObjectStore source, String fromPrefix, String toPrefix) {
        return copyAll(source, fromPrefix, toPrefix, TreeOptions.DEFAULT);
    }

    /**
     * Copies every object of a store whose key begins with a prefix into this one, several at once: the prefix is replaced,
     * the rest of the key stays. Within one store the service copies. Of the put options only the condition counts. Tries
     * all, unless the credentials are refused or the bucket is absent.
     *
     * @throws Incomplete if some failed; it names each with its reason
     */
    public TreeResult copyAll(ObjectStore source, String fromPrefix, String toPrefix, TreeOptions options) {
        return new Trees(this, engine, options).copy(source, fromPrefix, toPrefix);
    }

    // ---- links

    /** A URL for reading: the public one if a public base is configured, else a presigned one. */
    public Link link(String key, Duration atMost) {
        return new Links(engine, publicBase).link(checked("link", key), atMost);
    }

    /** {@link #presignGet(String, Duration, LinkOptions)} that changes nothing of the answer. */
    public Link presignGet(String key, Duration atMost) {
        return presignGet(key, atMost, LinkOptions.DEFAULT);
    }

    /**
     * A presigned URL for reading. It ends after {@code atMost} (at most 7 days), or earlier with the credentials that
     * signed it. No request, unless credentials must be fetched; it is not checked whether the object is there.
     */
    public Link presignGet(String key, Duration atMost, LinkOptions options) {
        String full = checked("presign", key);
        if (options.version().isPresent()) {
            require(Capability.VERSIONS, "presign", full);
        }
        return new Links(engine, publicBase).presignGet(full, atMost, options);
    }

    /** {@link #presignPut(String, Duration, PutOptions)} that overwrites. */
    public Link presignPut(String key, Duration atMost) {
        return presignPut(key, atMost, PutOptions.DEFAULT);
    }

    /** A presigned URL for writing; whoever uses it sends {@link Link#headers()} with it. */
    public Link presignPut(String key, Duration atMost, PutOptions options) {
        String full = checked("presign", key);
        requireWrites("presign", full, options.condition());
        if (options.checksum().isPresent()) {
            throw failure(StorageException.Kind.UNSUPPORTED, "presign", full)
                    .message("a presigned URL can't hold a digest that the bytes must have")
                    .fix("leave the checksum out, and compare after the upload")
                    .build();
        }
        return new Links(engine, publicBase).presignPut(full, atMost, options);
    }

    /** The public URL of a key; empty without a public base. No I/O. */
    public Optional<URI> publicUri(String key) {
        return new Links(engine, publicBase).publicUri(checked("link", key));
    }

    // ---- transfers that the caller does not wait for

    /** Begins {@link #upload(Path, String, PutOptions)} on a thread of its own. */
    public Transfer<ObjectInfo> startUpload(Path file, String key, PutOptions options) {
        String full = checked("upload", key);
        requireWrites("upload", full, options.condition());
        Meter meter = new Meter(options.progress());
        return Transfer.start(
                engine, meter, "upload", full, scope -> put(scope, "upload", full, Body.of(file), options, meter));
    }

    /** Begins {@link #download(String, Path, GetOptions)} on a thread of its own. */
    public Transfer<ObjectInfo> startDownload(String key, Path file, GetOptions options) {
        String full = checked("download", key);
        Meter meter = new Meter(options.progress());
        return Transfer.start(
                engine, meter, "download", full, scope -> download(scope, "download", full, file, options, meter));
    }

    /** Begins {@link #copy(String, String, CopyOptions)} on a thread of its own. */
    public Transfer<ObjectInfo> startCopy(String from, String to, CopyOptions options) {
        String source = checked("copy", from);
        String target = checked("copy", to);
        Meter meter = new Meter(options.progress());
        return Transfer.start(engine, meter, "copy", target, scope -> {
            try {
                return new Copies(this, engine, scope).within("copy", source, target, options, meter);
            } catch (StorageException e) {
                throw engine.named(e, "copy", target);
            }
        });
    }

    // ---- the store itself

    /** What the store can do. No I/O. */
    public Capabilities capabilities() {
        return engine.capabilities();
    }

    /** Makes sure that the store answers and lets us list: lists at most one key. */
    public void check() {
        listPage("", ListOptions.DEFAULT.withPageSize(1));
    }

    /**
     * A view of the keys that begin with a literal prefix, which its keys leave out. It shares everything with this store;
     * closing it closes nothing.
     */
    public ObjectStore withPrefix(String literal) {
        if (!literal.isEmpty()) {
            Keys.check(literal);
        }
        return new ObjectStore(engine, prefix + literal, publicBase, false);
    }

    /** The unfinished uploads of this store. */
    public Uploads uploads() {
        return new Uploads(this, engine, java.time.Clock.systemUTC());
    }

    /** The interrupted downloads of this store. */
    public Downloads downloads() {
        return new Downloads(this, engine, java.time.Clock.systemUTC());
    }

    /** A power of the provider ({@link dev.anystore.spi.BucketAdmin}, …) or its native client; keys there are whole. */
    public <T> Optional<T> unwrap(Class<T> type) {
        return Optional.ofNullable(engine.power(type));
    }

    /** Stops everything that is under way and frees everything. Idempotent. */
    @Override
    public void close() {
        if (owner) {
            engine.close();
        }
    }

    @Override
    public String toString() {
        return "ObjectStore[" + engine.settings().provider() + (prefix.isEmpty() ? "" : ", prefix " + prefix) + "]";
    }

    // ---- within the package

    Engine engine() {
        return engine;
    }

    String full(String key) {
        return prefix.isEmpty() ? key : prefix + key;
    }

    String relativeKey(String full) {
        return full.startsWith(prefix) ? full.substring(prefix.length()) : full;
    }

    /** What a caller of this view sees. */
    ObjectInfo relative(ObjectInfo info) {
        return revealed(info);
    }

    private ObjectInfo revealed(ObjectInfo info) {
        ObjectInfo seen = Reserved.reveal(info);
        return prefix.isEmpty()
                ? seen
                : seen.toBuilder().key(relativeKey(seen.key())).build();
    }

    Scope transfer(String verb, String full) {
        try {
            return engine.openTransfer();
        } catch (StorageException e) {
            throw engine.named(e, verb, full);
        }
    }

    String checked(String verb, String key) {
        String full = full(key);
        try {
            engine.checkOpen();
            if (key.isEmpty()) {
                Keys.check(key);
            }
            return Keys.check(full, engine.capabilities().limits().keyBytes());
        } catch (StorageException e) {
            throw engine.named(e, verb, null);
        }
    }

    StorageException.Builder failure(StorageException.Kind kind, String verb, @Nullable String key) {
        return StorageException.builder(kind)
                .operation(verb)
                .key(key)
                .provider(engine.settings().provider());
    }

    void require(Capability capability, String verb, String key) {
        if (!engine.capabilities().has(capability)) {
            throw failure(StorageException.Kind.UNSUPPORTED, verb, key)
                    .capability(capability)
                    .message("this store has no " + capability)
                    .build();
        }
    }

    void requireVersions(String verb, String full, GetOptions options) {
        if (options.version().isPresent()) {
            require(Capability.VERSIONS, verb, full);
        }
    }

    private void requireNoRange(String verb, String full, GetOptions options, String why) {
        if (options.range().isPresent()) {
            throw failure(StorageException.Kind.INVALID_ARGUMENT, verb, full)
                    .message(why + ", and the options have a range")
                    .fix("read a range with get")
                    .build();
        }
    }

    /** A condition that neither a put nor a complete honours is refused before any I/O. */
    private void requireWrites(String verb, String full, WriteCondition condition) {
        if (condition instanceof WriteCondition.IfAbsent) {
            require(Capability.PUT_IF_ABSENT, verb, full);
        } else if (condition instanceof WriteCondition.IfRevision) {
            require(Capability.PUT_IF_REVISION, verb, full);
        }
    }

    static Attributes attributesOf(ObjectInfo info) {
        return new Attributes(
                info.contentType().orElse(null),
                info.contentEncoding().orElse(null),
                info.contentDisposition().orElse(null),
                info.cacheControl().orElse(null),
                info.storageClass().orElse(null),
                Reserved.strip(info.metadata()));
    }
}
