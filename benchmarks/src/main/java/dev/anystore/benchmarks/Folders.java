package dev.anystore.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where the files of a run are. */
final class Folders {
    /** The system property that names the folder; the processes of a run inherit it. */
    static final String PROPERTY = "anystore.benchmarks.folder";

    private static final Path MEMORY = Path.of("/dev/shm");

    private Folders() {}

    /** A new folder of our own for files that stand for any source and target: in memory, unless the property names one. */
    static Path inMemory() {
        return create(Files.isWritable(MEMORY) ? MEMORY : temporary());
    }

    /** A new folder of our own on a disk: where temporary files are, unless the property names one. */
    static Path onDisk() {
        return create(temporary());
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static Path create(Path otherwise) {
        String named = System.getProperty(PROPERTY);
        try {
            return Files.createTempDirectory(named == null ? otherwise : Path.of(named), "anystore-benchmarks-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes it with all that is in it. */
    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kind of file system and the parent, for people. */
    static String describe(Path folder) {
        try {
            return Files.getFileStore(folder).type() + " at " + folder.getParent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
