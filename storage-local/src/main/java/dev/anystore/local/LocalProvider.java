package dev.anystore.local;

import dev.anystore.StorageException;
import dev.anystore.spi.Destination;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Setting;
import dev.anystore.spi.StorageBackend;
import dev.anystore.spi.StorageProvider;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
        List<String> problems = new ArrayList<>();
        String folder = "";
        URI endpoint = null;
        try {
            Path root = root(settings);
            Path name = root.getFileName();
            folder = name == null ? root.toString() : name.toString();
            endpoint = root.toUri();
        } catch (InvalidPathException e) {
            problems.add(origin(settings, PATH) + " is not a path that this Java can open (" + e.getReason()
                    + "); if it has letters beyond ASCII, start Java under a UTF-8 locale such as LC_ALL=C.UTF-8");
        }
        String durability = settings.text(DURABILITY).toLowerCase(Locale.ROOT);
        if (!durability.equals("fsync") && !durability.equals("none")) {
            problems.add(origin(settings, DURABILITY) + " is neither fsync nor none");
        }
        if (!problems.isEmpty()) {
            throw StorageException.builder(StorageException.Kind.CONFIGURATION)
                    .provider(id())
                    .message(String.join("; ", problems))
                    .problems(problems)
                    .build();
        }
        return new Destination(folder, endpoint, null, settings.findUri(PUBLIC_URL));
    }

    @Override
    public StorageBackend open(ProviderSettings settings) {
        boolean durable = settings.text(DURABILITY).equalsIgnoreCase("fsync");
        return LocalBackend.open(root(settings), new DiskChanges(durable));
    }

    private static Path root(ProviderSettings settings) {
        return Path.of(settings.text(PATH)).toAbsolutePath().normalize();
    }

    private static String origin(ProviderSettings settings, Setting setting) {
        String origin = settings.origin(setting);
        return origin == null ? setting.howToSet() : origin;
    }
}
