package dev.anystore.local;

import dev.anystore.ObjectStore;
import dev.anystore.StoreOptions;
import dev.anystore.testkit.StorageHarness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Opens stores in folders below a temporary one, which it removes. */
final class FolderHarness implements StorageHarness {
    private final Path folder;
    private final Changes changes;
    private final @Nullable RootFormat format;
    private int opened;

    /**
     * Roots of one kind.
     *
     * @param format of each root, or null for what suits this machine
     */
    FolderHarness(Changes changes, @Nullable RootFormat format) throws IOException {
        this.folder = Files.createTempDirectory("anystore-contract-");
        this.changes = changes;
        this.format = format;
    }

    @Override
    public ObjectStore open(StoreOptions options) {
        Path root = folder.resolve("root" + ++opened);
        try {
            Files.createDirectory(root);
            if (format != null) {
                write(root, format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ObjectStore.of(LocalBackend.open(root, changes), options);
    }

    /** Makes a root of this format, as its first put would. */
    static void write(Path root, RootFormat format) throws IOException {
        Files.createDirectories(root.resolve(KeyNames.OURS));
        Files.writeString(root.resolve(KeyNames.OURS).resolve("format"), format.line());
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
