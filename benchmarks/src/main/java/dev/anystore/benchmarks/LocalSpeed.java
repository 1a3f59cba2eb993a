package dev.anystore.benchmarks;

import dev.anystore.Body;
import dev.anystore.ObjectStore;
import dev.anystore.PutOptions;
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
import org.jspecify.annotations.Nullable;

/**
 * What durability and atomicity cost on top of what the system asks for them. A large file: {@code upload} beside
 * {@code cp} and {@code sync} of the copy and its folder. Small objects: {@code put} of 4 KiB beside a loop that does no
 * more than write, fsync, rename, fsync of the folder. A perfect answer is a ratio of 1; both sides run in turn, in one
 * process, on one disk.
 */
final class LocalSpeed {
    private static final int SMALL = 4 << 10;
    private static final int WARM_UP = 2000;

    /** What does not fit into an extended attribute goes to a file beside, as all of it does where there are no attributes. */
    private static final Map<String, String> SIDECAR = Map.of("note", "n".repeat(3200));

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
                speed.small(store, rounds, "", PutOptions.DEFAULT);
                speed.small(store, rounds, ", with sidecars", PutOptions.DEFAULT.withMetadata(SIDECAR));
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

    private void small(ObjectStore store, int rounds, String how, PutOptions options) throws Exception {
        byte[] body = new byte[SMALL];
        content.piece(0, SMALL).get(body);
        Path bare = Files.createDirectory(folder.resolve("bare"));
        Work theirs = i -> durable(bare, "object-" + i, body);
        Work ours = i -> store.put("small/object-" + i, Body.of(body), options);
        Work clean = i -> {
            Files.deleteIfExists(bare.resolve("object-" + i));
            store.delete("small/object-" + i);
        };
        // A loop of five calls is compiled long before a library is: what is asked is what it costs from then on.
        inTurn(WARM_UP, theirs, ours, clean, null);
        Sides rates = new Sides();
        for (int round = 1; round <= rounds; round++) {
            inTurn(puts, theirs, ours, clean, rates);
        }
        rates.print(
                "%d durable puts of 4 KiB%s beside a bare loop, put by put in turn".formatted(puts, how),
                "a second",
                rounds);
        Files.delete(bare);
    }

    /** What both sides did, a round each. */
    private static final class Sides {
        private final List<Double> theirs = new ArrayList<>();
        private final List<Double> ours = new ArrayList<>();
        private final List<Double> cpu = new ArrayList<>();

        void add(double their, double our, double cpuSeconds) {
            theirs.add(their);
            ours.add(our);
            cpu.add(cpuSeconds);
        }

        void print(String title, String unit, int rounds) {
            Figures theirRate = Figures.of(theirs);
            Figures ourRate = Figures.of(ours);
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
    }

    /**
     * One of theirs, one of ours, each begun by the other side: what else uses the disk meets both alike, which rounds of a
     * quarter of a second would not be long enough for.
     */
    private static void inTurn(int puts, Work theirs, Work ours, Work clean, @Nullable Sides rates) throws Exception {
        double their = 0;
        double our = 0;
        long cpu = 0;
        for (int i = 0; i < puts; i++) {
            their += i % 2 == 0 ? seconds(theirs, i) : 0;
            long before = ProcessCpu.nanos();
            our += seconds(ours, i);
            cpu += ProcessCpu.nanos() - before;
            their += i % 2 == 0 ? 0 : seconds(theirs, i);
        }
        for (int i = 0; i < puts; i++) {
            clean.run(i);
        }
        if (rates != null) {
            rates.add(puts / their, puts / our, cpu / 1e9);
        }
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
        Sides rates = new Sides();
        for (int round = 0; round <= rounds; round++) {
            double first = round % 2 == 0 ? seconds(theirs, round) : 0;
            long cpuBefore = ProcessCpu.nanos();
            double mine = seconds(ours, round);
            double used = (ProcessCpu.nanos() - cpuBefore) / 1e9;
            double other = round % 2 == 0 ? first : seconds(theirs, round);
            if (round > 0) {
                rates.add(amount / other, amount / mine, used);
            }
            clean.run(round);
        }
        rates.print(title, unit, rounds);
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
