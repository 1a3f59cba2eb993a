package dev.anystore.local;

import dev.anystore.ByteRange;
import dev.anystore.Capabilities;
import dev.anystore.Capability;
import dev.anystore.Checksum;
import dev.anystore.Keys;
import dev.anystore.Limits;
import dev.anystore.ListPage;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.Linker;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.Payload;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.ServerCopy;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder as a store: the verbs. */
final class LocalBackend implements PoweredBackend, ServerCopy, Linker {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.local");

    /** Each turn needs somebody else's write in a window of microseconds. */
    private static final int READ_TURNS = 1000;

    private static final Capabilities CAPABILITIES = Capabilities.of(
            EnumSet.of(
                    Capability.PUT_IF_ABSENT,
                    Capability.PUT_IF_REVISION,
                    Capability.DELETE_IF_REVISION,
                    Capability.SERVER_COPY,
                    Capability.COPY_IF_ABSENT,
                    Capability.COPY_IF_REVISION,
                    Capability.STREAMING_PUT),
            Limits.builder().metadataBytes(ObjectNote.MAX_METADATA_BYTES).build());

    private final Path root;
    private final Changes changes;
    private final Notes notes;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock opening = new ReentrantLock();
    private final List<Workshop> retired = new CopyOnWriteArrayList<>();
    private final Set<FileBody> bodies = ConcurrentHashMap.newKeySet();
    private final LocalListing listing;
    private final Uses uses = new Uses(this::release);
    private volatile @Nullable Workshop workshop;
    private volatile @Nullable KeyNames names;

    private LocalBackend(Path root, Changes changes) {
        this.root = root;
        this.changes = changes;
        this.notes = new Notes(root);
        this.listing = new LocalListing(root, notes);
    }

    /** Opens a store on a folder that may be absent; sweeps what killed processes left in it. */
    static LocalBackend open(Path root, Changes changes) {
        try {
            Staging.sweep(root, changes);
        } catch (NotDirectoryException e) {
            throw LocalErrors.notAFolder(root, e);
        } catch (IOException e) {
            LOG.debug("can't sweep {}", root, e);
        }
        return new LocalBackend(root, changes);
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public <T> @Nullable T extension(Class<T> power) {
        return power == ServerCopy.class || power == Linker.class ? power.cast(this) : null;
    }

    @Override
    public ObjectInfo put(PutRequest request, Call call) {
        return doing(call, () -> {
            check(request.attributes());
            Payload payload = request.payload();
            // A file is read once; what is in the new one is read back instead.
            Checksum expected = payload.repeatable() && payload.file() == null
                    ? payload.checksum(Checksum.Algorithm.CRC32C)
                    : payload.knownChecksum(Checksum.Algorithm.CRC32C);
            Publisher.Draft draft = new Publisher.Draft(
                    Keys.check(request.key()),
                    Bytes.of(payload),
                    expected,
                    payload.file() == null ? Kind.INTEGRITY : Kind.SOURCE_CHANGED,
                    request.attributes(),
                    request.condition());
            return publisher(call).publish(draft, call, () -> checkGoing(call));
        });
    }

    /** What can't be kept is refused before anything is read. */
    private static void check(Attributes attributes) {
        if (attributes.storageClass() != null) {
            throw StorageException.builder(Kind.UNSUPPORTED)
                    .message("a folder has no storage classes")
                    .fix("leave the storage class out")
                    .build();
        }
        int bytes = 0;
        for (Map.Entry<String, String> entry : attributes.metadata().entrySet()) {
            bytes += entry.getKey().length() + Keys.utf8Length(entry.getValue());
        }
        if (bytes > ObjectNote.MAX_METADATA_BYTES) {
            throw StorageException.builder(Kind.INVALID_ARGUMENT)
                    .message("the metadata has " + bytes + " bytes; at most " + ObjectNote.MAX_METADATA_BYTES
                            + " are allowed")
                    .build();
        }
    }

    @Override
    public GetResponse get(GetRequest request, Call call) {
        return doing(call, () -> {
            refuseVersion(request.version());
            Finder finder = new Finder(root, names());
            for (int turn = 1; turn <= READ_TURNS; turn++) {
                checkGoing(call);
                try (Found found = finder.find(Keys.check(request.key()))) {
                    if (found == null) {
                        throw absent();
                    }
                    GetResponse response = request.headOnly() ? head(request, found) : open(request, found, call);
                    if (response != null) {
                        return response;
                    }
                } catch (Notes.Changed | NoSuchFileException e) {
                    LOG.trace("the object was replaced while it was opened", e);
                }
            }
            throw StorageException.builder(Kind.CONFLICT)
                    .message("the object is replaced faster than it can be opened")
                    .build();
        });
    }

    private @Nullable GetResponse head(GetRequest request, Found found) throws IOException {
        ObjectNote note = notes.read(found.folder(), found.entry(), request.key());
        if (!isStill(found)) {
            return null;
        }
        ObjectInfo info = ObjectNote.describe(request.key(), found.entry(), note);
        return isKnown(request, info) ? GetResponse.unchanged() : GetResponse.head(info);
    }

    /**
     * Opens the bytes that belong to the note: null if somebody wrote in between. No two versions share a note, so the
     * same one before and after says that the file opened in between is its.
     */
    private @Nullable GetResponse open(GetRequest request, Found found, Call call) throws IOException {
        Entry entry = found.entry();
        ObjectNote before = notes.read(found.folder(), entry, request.key());
        FileChannel file = found.folder().read(entry.name());
        boolean done = false;
        try {
            ObjectNote after = notes.read(found.folder(), entry, request.key());
            if (!Objects.equals(before, after) || !isStill(found) || file.size() != entry.size()) {
                return null;
            }
            ObjectInfo info = ObjectNote.describe(request.key(), entry, before);
            if (isKnown(request, info)) {
                return GetResponse.unchanged();
            }
            ByteRange range = request.range();
            long offset = range == null ? 0 : range.offsetIn(entry.size());
            if (offset < 0) {
                throw StorageException.builder(Kind.RANGE_NOT_SATISFIABLE)
                        .message("the object has " + entry.size() + " bytes, and " + range + " none of them")
                        .objectSize(entry.size())
                        .build();
            }
            long length = range == null ? entry.size() : range.lengthIn(entry.size());
            FileBody[] self = new FileBody[1];
            FileBody body =
                    new FileBody(file, offset, length, root, () -> checkGoing(call), () -> bodies.remove(self[0]));
            self[0] = body;
            bodies.add(body);
            done = true;
            if (uses.ended()) {
                body.close();
                throw LocalErrors.closed(null);
            }
            return GetResponse.of(info, offset, length, body);
        } finally {
            if (!done) {
                file.close();
            }
        }
    }

    private static boolean isStill(Found found) throws IOException {
        return found.entry().equals(found.folder().find(found.entry().name()));
    }

    /** Compares the revisions of a conditional get. */
    private static boolean isKnown(GetRequest request, ObjectInfo info) {
        if (request.ifRevision() != null && !request.ifRevision().equals(info.revision())) {
            throw Publisher.refused("the object has revision " + info.revision() + " by now");
        }
        return info.revision().equals(request.unlessRevision());
    }

    private StorageException absent() {
        String reason = "no object has this key";
        String fix = null;
        if (!Files.isDirectory(root)) {
            reason = "the folder " + root + " is not there yet";
            fix = "put something, which makes it, or set LOCAL_STORAGE_PATH to the folder that you mean";
        }
        return StorageException.builder(Kind.NOT_FOUND).message(reason).fix(fix).build();
    }

    @Override
    public ListPage list(ListRequest request, Call call) {
        return doing(call, () -> listing.page(request, new Finder(root, names()), () -> checkGoing(call)));
    }

    @Override
    public Map<DeleteRequest.Target, StorageException> delete(DeleteRequest request, Call call) {
        return doing(call, () -> {
            try (Folder top = Folder.openRoot(root)) {
                if (top == null) {
                    return Map.of();
                }
            }
            Map<DeleteRequest.Target, StorageException> failures = new LinkedHashMap<>();
            Deleter deleter = new Deleter(root, changes, workshop(call));
            try {
                for (DeleteRequest.Target target : request.targets()) {
                    checkGoing(call);
                    try {
                        refuseVersion(target.version());
                        deleter.delete(target, call, () -> checkGoing(call));
                    } catch (StorageException e) {
                        failures.put(target, e);
                    } catch (IOException e) {
                        failures.put(target, LocalErrors.of(e, root));
                    }
                }
            } finally {
                deleter.finish();
            }
            return failures;
        });
    }

    @Override
    public ObjectInfo copy(ServerCopy.Copy request, Call call) {
        return doing(call, () -> {
            refuseVersion(request.fromVersion());
            Keys.check(request.to());
            if (request.replacing() != null) {
                check(request.replacing());
            }
            GetRequest get = GetRequest.whole(request.from()).withIfRevision(request.fromRevision());
            try (GetResponse source = get(get, call)) {
                ObjectInfo info = source.info();
                Publisher.Draft draft = new Publisher.Draft(
                        request.to(),
                        Bytes.of((FileBody) source.body(), source.length()),
                        info.checksum(Checksum.Algorithm.CRC32C).orElse(null),
                        Kind.INTEGRITY,
                        request.replacing() != null ? request.replacing() : attributes(info),
                        request.condition());
                return publisher(call).publish(draft, call, () -> checkGoing(call));
            }
        });
    }

    private static Attributes attributes(ObjectInfo info) {
        return new Attributes(
                info.contentType().orElse(null),
                info.contentEncoding().orElse(null),
                info.contentDisposition().orElse(null),
                info.cacheControl().orElse(null),
                null,
                info.metadata());
    }

    private static void refuseVersion(@Nullable String version) {
        if (version != null) {
            throw StorageException.builder(Kind.UNSUPPORTED)
                    .capability(Capability.VERSIONS)
                    .message("a folder keeps no versions")
                    .build();
        }
    }

    /** How keys become names in this root: as its format says, or, before the first put, as its file system suggests. */
    private KeyNames names() throws IOException {
        KeyNames known = names;
        if (known != null) {
            return known;
        }
        try (Folder top = Folder.openRoot(root);
                Folder ours = top == null ? null : top.open(KeyNames.OURS)) {
            if (top == null) {
                return new KeyNames(RootFormat.PLAIN);
            }
            RootFormat format = Workshop.readFormat(top, ours);
            if (format == null) {
                return new KeyNames(Workshop.assumeFormat(top));
            }
            KeyNames read = new KeyNames(format);
            names = read;
            return read;
        }
    }

    /** The file of an object, or the one that it would get. */
    @Override
    public URI link(String key) {
        return doing(Call.unbounded(), () -> {
            Finder finder = new Finder(root, names());
            try (Found found = finder.find(Keys.check(key))) {
                return found != null
                        ? found.folder().path().resolve(found.entry().name()).toUri()
                        : finder.names().path(root, key).toUri();
            }
        });
    }

    private Publisher publisher(Call call) throws IOException {
        return new Publisher(root, changes, workshop(call), random);
    }

    private Workshop workshop(Call call) throws IOException {
        Workshop open = workshop;
        if (open != null && open.isThere()) {
            return open;
        }
        opening.lock();
        try {
            checkGoing(call);
            open = workshop;
            if (open != null && open.isThere()) {
                return open;
            }
            if (open != null) {
                // Others may be in the middle of a write with it.
                retired.add(open);
                workshop = null;
            }
            open = Workshop.open(root, changes, random, call);
            workshop = open;
            names = new KeyNames(open.format());
            return open;
        } finally {
            opening.unlock();
        }
    }

    private void checkGoing(Call call) {
        if (uses.ended()) {
            throw LocalErrors.closed(null);
        }
        call.check();
    }

    private interface Verb<T> {
        T run() throws IOException;
    }

    private <T> T doing(Call call, Verb<T> verb) {
        if (!uses.begin()) {
            throw LocalErrors.closed(null);
        }
        try {
            call.check();
            return verb.run();
        } catch (ClosedDirectoryStreamException e) {
            throw LocalErrors.closed(e);
        } catch (NotDirectoryException e) {
            throw LocalErrors.ofRoot(e, root);
        } catch (IOException e) {
            throw LocalErrors.of(e, root);
        } finally {
            uses.end();
        }
    }

    /** Ends readers at once, and writers at their next piece; the last of them takes the locks and the staging folder down. */
    @Override
    public void close() {
        uses.endAll();
        bodies.forEach(FileBody::close);
        listing.forget();
    }

    private void release() {
        Workshop open = workshop;
        workshop = null;
        if (open != null) {
            retired.add(open);
        }
        for (Workshop one : retired) {
            try {
                one.close();
            } catch (IOException e) {
                LOG.debug("closing the store on {}", root, e);
            }
        }
        retired.clear();
    }

    @Override
    public String toString() {
        return "LocalBackend[" + root + "]";
    }
}
