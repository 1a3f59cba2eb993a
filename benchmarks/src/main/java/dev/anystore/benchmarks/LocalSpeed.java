package dev.anystore.benchmarks;

import dev.anystore.Body;
import dev.anystore.ObjectStore;
import dev.anystore.StorageConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What durability and atomicity cost on top of what the system asks for them. A large file: {@code upload} beside
 * {@code cp} and {@code sync} of the copy and its folder. Small objects: {@code put} of 4 KiB beside a loop that does no
 * more than write, fsync, rename, fsync of the folder. A perfect answer is a ratio of 1; both sides run in turn, in one
 * process, on one disk.
 */
final class LocalSpeed {
    private static final int SMALL = 4 << 10;

    private final Path folder;
    private final Path source;
    private final Content content;
    private final long bytes;
    private final int puts;

    private LocalSpeed(Path folder, Content content, long bytes, int puts) {
        this.folder = folder;
        this.source = folder.resolve("source");
        this.content = content;
        this.bytes = bytes;
        this.puts = puts;
    }

    /** Something that takes time, and leaves what has to be removed outside of it. */
    private interface Work {
        void run(int round) throws Exception;
    }

    /** Prints both ratios. */
    static boolean run(Arguments arguments) throws Exception {
        arguments.only("rounds", "size", "puts");
        int rounds = arguments.number("rounds", 1, 7);
        Path folder = Folders.onDisk();
        String machine = Machine.describe();
        try {
            long bytes = (long) arguments.number("size", 1, 1024) << 20;
            LocalSpeed speed = new LocalSpeed(folder, Content.generated(), bytes, arguments.number("puts", 1, 200));
            System.out.println(machine + "; files on " + Folders.describe(folder));
            try (ObjectStore store = StorageConfig.of(Map.of(
                            "provider_type",
                            "local",
                            "base_path",
                            folder.resolve("root").toString()))
                    .open()) {
                speed.large(store, rounds);
                speed.small(store, rounds);
            }
            return true;
        } finally {
            Folders.delete(folder);
        }
    }

    private void large(ObjectStore store, int rounds) throws Exception {
        content.writeFile(source, bytes);
        sync(source, folder);
        Path copy = folder.resolve("copy");
        Work theirs = round -> {
            command("cp", source.toString(), copy.toString());
            sync(copy, folder);
        };
        Work ours = round -> store.upload(source, "large-" + round);
        Work clean = round -> {
            Files.deleteIfExists(copy);
            store.delete("large-" + round);
        };
        compare(
                "%d MiB: upload beside cp and sync".formatted(bytes >> 20),
                "GB/s",
                bytes / 1e9,
                rounds,
                theirs,
                ours,
                clean);
        store.upload(source, "proof");
        Path back = folder.resolve("back");
        store.download("proof", back);
        if (!content.isIn(back, bytes)) {
            throw new IllegalStateException("the store gave back other bytes");
        }
        store.delete("proof");
        Files.delete(back);
        Files.delete(source);
    }

    private void small(ObjectStore store, int rounds) throws Exception {
        byte[] body = new byte[SMALL];
        content.piece(0, SMALL).get(body);
        Path bare = Files.createDirectory(folder.resolve("bare"));
        Work theirs = round -> {
            for (int i = 0; i < puts; i++) {
                durable(bare, "object-" + round + "-" + i, body);
            }
        };
        Work ours = round -> {
            for (int i = 0; i < puts; i++) {
                store.put("small/object-" + round + "-" + i, Body.of(body));
            }
        };
        Work clean = round -> {
            for (int i = 0; i < puts; i++) {
                Files.deleteIfExists(bare.resolve("object-" + round + "-" + i));
                store.delete("small/object-" + round + "-" + i);
            }
        };
        compare(
                "%d durable puts of 4 KiB beside a bare loop".formatted(puts),
                "a second",
                puts,
                rounds,
                theirs,
                ours,
                clean);
        Files.delete(bare);
    }

    private static void durable(Path folder, String name, byte[] body) throws IOException {
        Path temporary = folder.resolve("temporary");
        try (FileChannel file = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(body);
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
            file.force(true);
        }
        Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** In turn, the first round uncounted, each round begun by the other side. */
    private static void compare(
            String title, String unit, double amount, int rounds, Work theirs, Work ours, Work clean) throws Exception {
        List<Double> their = new ArrayList<>();
        List<Double> our = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            double first = round % 2 == 0 ? seconds(theirs, round) : 0;
            long cpuBefore = ProcessCpu.nanos();
            double mine = seconds(ours, round);
            double used = (ProcessCpu.nanos() - cpuBefore) / 1e9;
            double other = round % 2 == 0 ? first : seconds(theirs, round);
            if (round > 0) {
                their.add(amount / other);
                our.add(amount / mine);
                cpu.add(used);
            }
            clean.run(round);
        }
        Figures theirRate = Figures.of(their);
        Figures ourRate = Figures.of(our);
        System.out.printf(
                "%n%s, %d rounds, %s, median (least to most)%n  bare      %s%n  anystore  %s, %s CPU s a round%n  ratio     %s%n",
                title,
                rounds,
                unit,
                theirRate.shown(),
                ourRate.shown(),
                Figures.shown(Figures.of(cpu).median()),
                Figures.shown(ourRate.median() / theirRate.median()));
    }

    private static double seconds(Work work, int round) throws Exception {
        long began = System.nanoTime();
        work.run(round);
        return (System.nanoTime() - began) / 1e9;
    }

    private static void sync(Path... paths) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("sync"));
        for (Path path : paths) {
            words.add(path.toString());
        }
        command(words.toArray(String[]::new));
    }

    private static void command(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).inheritIO().start();
        if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", words) + " failed");
        }
    }
}
