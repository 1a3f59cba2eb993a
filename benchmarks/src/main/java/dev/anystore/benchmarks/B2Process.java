package dev.anystore.benchmarks;

import dev.anystore.benchmarks.B2Contender.Client;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The process of one contender of B2. It prints a line {@code WHAT operations nanos cpuNanos} for each measurement, and {@code
 * peak kibibytes}.
 */
final class B2Process {
    /** The instrument of the command line that only {@link B2Speed} calls. */
    static final String NAME = "b2-contender";

    /** Of the threads that the small files are put and read by. */
    private static final int THREADS = 16;

    private B2Process() {}

    /** What is measured, each in a process of its own, so that its peak of memory is its own. */
    enum Part {
        UPLOAD,
        DOWNLOAD,
        SMALL
    }

    /** Ours, and those that the profile {@code peers} brings, by name. */
    static List<B2Contender> installed() {
        Stream<B2Contender> peers =
                ServiceLoader.load(B2Contender.class).stream().map(ServiceLoader.Provider::get);
        return Stream.concat(Stream.of(new AnystoreB2(), new Sha1Floor()), peers)
                .sorted(Comparator.comparing(B2Contender::name))
                .toList();
    }

    /** Does what the words say: contender, part, API, key id, key, bucket, file, transfers. */
    static boolean run(List<String> words) throws Exception {
        B2Contender contender = installed().stream()
                .filter(each -> each.name().equals(words.get(0)))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("no contender " + words.get(0)));
        Part part = Part.valueOf(words.get(1));
        Path file = Path.of(words.get(6));
        int transfers = Integer.parseInt(words.get(7));
        try (Client client = contender.open(
                URI.create(words.get(2)), words.get(3), words.get(4), words.get(5), part == Part.SMALL ? THREADS : 8)) {
            switch (part) {
                case UPLOAD -> measured(part, transfers, () -> client.upload(file, "large"));
                case DOWNLOAD -> {
                    Path target = file.resolveSibling("target");
                    client.upload(file, "large");
                    measured(part, transfers, () -> client.download("large", target));
                    if (!contender.name().equals(Sha1Floor.NAME) && Files.mismatch(file, target) >= 0) {
                        throw new IllegalStateException("other bytes came down");
                    }
                }
                case SMALL -> small(client, transfers);
            }
            System.out.println("peak " + ProcessCpu.peakKibibytes());
        }
        return true;
    }

    private interface Work {
        void run() throws Exception;
    }

    /** The first transfer pays for loading and compiling, and is not counted. */
    private static void measured(Part part, int transfers, Work work) throws Exception {
        work.run();
        for (int i = 0; i < transfers; i++) {
            long cpu = ProcessCpu.nanos();
            long began = System.nanoTime();
            work.run();
            long nanos = System.nanoTime() - began;
            System.out.println(part + " 1 " + nanos + " " + (ProcessCpu.nanos() - cpu));
        }
    }

    private static void small(Client client, int thousands) throws Exception {
        byte[] bytes = new byte[SmallVerb.BYTES];
        new java.util.Random(1).nextBytes(bytes);
        int operations = thousands * 1000;
        each(2 * operations, number -> client.put("small/" + number % 1000, bytes));
        report("PUT", operations, number -> client.put("small/" + number % 1000, bytes));
        each(
                2 * operations,
                number -> Proof.same("read", SmallVerb.BYTES, client.get("small/" + number % 1000).length));
        report(
                "GET",
                operations,
                number -> Proof.same("read", SmallVerb.BYTES, client.get("small/" + number % 1000).length));
    }

    private interface Operation {
        void run(int number) throws Exception;
    }

    private static void report(String what, int operations, Operation operation) throws Exception {
        long cpu = ProcessCpu.nanos();
        long began = System.nanoTime();
        each(operations, operation);
        long nanos = System.nanoTime() - began;
        System.out.println(what + " " + operations + " " + nanos + " " + (ProcessCpu.nanos() - cpu));
    }

    private static void each(int operations, Operation operation) throws Exception {
        AtomicInteger next = new AtomicInteger();
        Callable<Void> work = () -> {
            for (int number = next.getAndIncrement(); number < operations; number = next.getAndIncrement()) {
                operation.run(number);
            }
            return null;
        };
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                all.add(work);
            }
            for (Future<Void> done : pool.invokeAll(all)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
