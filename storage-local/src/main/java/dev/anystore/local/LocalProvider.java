package dev.anystore.local;

import dev.anystore.StorageException;
import dev.anystore.spi.Destination;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Setting;
import dev.anystore.spi.StorageBackend;
import dev.anystore.spi.StorageProvider;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder of this machine as a store. The folder is made by the first put; until then getting an object is
 * {@code NOT_FOUND} and listing is {@code BUCKET_NOT_FOUND}, because an empty answer would hide a disk that is not
 * mounted or a path that is misspelt. Needs no account.
 *
 * <p>Requests are calls of the operating system, and cost nothing. Several stores, in one process or in many, may use
 * one folder at the same time, as long as its file system has locks.
 */
public final class LocalProvider implements StorageProvider {
    /** The folder. */
    static final Setting PATH = Setting.of("path", Setting.Type.PATH, "The folder that holds the objects.")
            .variable("LOCAL_STORAGE_PATH")
            .variable("STORAGE_LOCAL_PATH")
            .inMaps("base_path", "path")
            .defaultsTo("./storage-data");

    /** Where a web server serves the folder. */
    static final Setting PUBLIC_URL = Setting.of(
                    "public-url",
                    Setting.Type.URI,
                    "The base of public URLs, where a web server serves the objects by their keys; without it a link is a file: URI.")
            .variable("LOCAL_PUBLIC_URL");

    /** Whether a success survives a loss of power. */
    static final Setting DURABILITY = Setting.of(
                    "durability",
                    Setting.Type.TEXT,
                    "fsync: what was acknowledged survives a loss of power; none: it survives the end of the process only.")
            .variable("LOCAL_DURABILITY")
            .oneOf("fsync", "none")
            .defaultsTo("fsync");

    /** For {@link java.util.ServiceLoader}. */
    public LocalProvider() {}

    @Override
    public String id() {
        return "local";
    }

    @Override
    public List<String> aliases() {
        return List.of();
    }

    @Override
    public String displayName() {
        return "Local folder";
    }

    @Override
    public List<String> uriSchemes() {
        return List.of("local");
    }

    @Override
    public List<Setting> settings() {
        return List.of(PATH, PUBLIC_URL, DURABILITY);
    }

    @Override
    public Destination describe(ProviderSettings settings) {
        Path root;
        try {
            root = root(settings);
        } catch (InvalidPathException e) {
            String problem = origin(settings) + " is not a path that this Java can open (" + e.getReason() + ")";
            String fix = "if it has letters beyond ASCII, start Java under a UTF-8 locale such as LC_ALL=C.UTF-8";
            throw StorageException.builder(StorageException.Kind.CONFIGURATION)
                    .provider(id())
                    .message(problem)
                    .problems(List.of(problem + "; " + fix))
                    .fix(fix)
                    .cause(e)
                    .build();
        }
        Path name = root.getFileName();
        return new Destination(
                name == null ? root.toString() : name.toString(), root.toUri(), null, settings.findUri(PUBLIC_URL));
    }

    @Override
    public StorageBackend open(ProviderSettings settings) {
        boolean durable = settings.text(DURABILITY).equals("fsync");
        return LocalBackend.open(root(settings), new DiskChanges(durable));
    }

    private static Path root(ProviderSettings settings) {
        return Path.of(settings.text(PATH)).toAbsolutePath().normalize();
    }

    private static String origin(ProviderSettings settings) {
        String origin = settings.origin(PATH);
        return origin == null ? PATH.howToSet() : origin;
    }
}
