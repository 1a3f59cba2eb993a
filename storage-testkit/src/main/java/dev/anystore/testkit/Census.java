package dev.anystore.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What a store may have left behind in this process: threads of the library, and open files and sockets (on Linux). */
final class Census {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    /** Closing may finish on another thread, within two seconds where the machine has nothing else to do. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> threads = threads();
    private final List<String> descriptors = descriptors();

    /** Makes the JVM open what it keeps for itself at the first use of a channel, a pair of sockets on Linux. */
    static void settle() throws IOException {
        Path file = Files.createTempFile("anystore-census", null);
        try {
            FileChannel.open(file).close();
            SocketChannel.open().close();
            Selector.open().close();
        } finally {
            Files.delete(file);
        }
    }

    /** Waits until nothing is there that was not there before, and names what stays. */
    List<String> leaks() throws InterruptedException {
        List<String> left = left(threads, Census::threads);
        left.addAll(left(descriptors, Census::descriptors));
        return left;
    }

    private static List<String> left(List<String> before, Supplier<List<String>> now) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        List<String> more = more(before, now.get());
        while (!more.isEmpty() && System.nanoTime() - end < 0) {
            Thread.sleep(10);
            more = more(before, now.get());
        }
        return more;
    }

    private static List<String> more(List<String> before, List<String> now) {
        List<String> more = new ArrayList<>(now);
        before.forEach(more::remove);
        return more;
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("anystore-"))
                .sorted()
                .toList();
    }

    private static List<String> descriptors() {
        List<String> open = new ArrayList<>();
        if (Files.isDirectory(DESCRIPTORS)) {
            try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
                for (Path link : links) {
                    target(link, open);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return open;
    }

    private static void target(Path link, List<String> open) {
        String target;
        try {
            target = Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // Closed since it was listed, the listing's own descriptor among others.
            return;
        }
        // The JVM opens jars, devices and its own selectors whenever it likes; a store's are files and sockets.
        boolean ofTheJvm = target.endsWith(".jar")
                || target.startsWith("/dev/")
                || target.startsWith("/proc/")
                || target.startsWith("/sys/")
                || target.startsWith("anon_inode:")
                || target.startsWith("pipe:")
                || target.startsWith(System.getProperty("java.home"));
        if (!ofTheJvm) {
            open.add(target.startsWith("socket:") ? "a socket" : target);
        }
    }
}
