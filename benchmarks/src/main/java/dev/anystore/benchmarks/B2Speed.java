package dev.anystore.benchmarks;

import dev.anystore.ObjectStore;
import dev.anystore.benchmarks.B2Process.Part;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.testkit.b2.B2Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What B2 costs its client: CPU for a GiB up and down, memory, and CPU of a file of 4 KiB put and read by 16 threads, beside the
 * SDK's own client and beside SHA-1 alone. The server runs here, so that a process's CPU is the client's; contenders take
 * turns, and everything that is put has been compared by the server, which checks every SHA-1.
 */
final class B2Speed {
    private static final long LONGEST_MINUTES = 20;
    private static final String BUCKET = "anystore-benchmark";

    private final Path folder;
    private final Path source;
    private final long bytes;
    private final int transfers;
    private final String heap;

    private B2Speed(Path folder, long bytes, int transfers, String heap) {
        this.folder = folder;
        this.source = folder.resolve("source");
        this.bytes = bytes;
        this.transfers = transfers;
        this.heap = heap;
    }

    /** Prints the table; false if a contender failed. */
    static boolean run(Arguments arguments) throws Exception {
        arguments.only("rounds", "transfers", "size", "heap", "only");
        int rounds = arguments.number("rounds", 1, 3);
        String only = arguments.text("only", null);
        List<B2Contender> contenders = B2Process.installed().stream()
                .filter(each -> only == null || List.of(only.split(",", -1)).contains(each.name()))
                .toList();
        Path folder = Folders.inMemory();
        System.out.println(Machine.describe());
        try {
            long bytes = (long) arguments.number("size", 17, 256) << 20;
            B2Speed speed = new B2Speed(
                    folder, bytes, arguments.number("transfers", 1, 3), String.valueOf(arguments.text("heap", "256m")));
            Content.generated().writeFile(speed.source, bytes);
            speed.measure(contenders, rounds);
            return true;
        } finally {
            Folders.delete(folder);
        }
    }

    private void measure(List<B2Contender> contenders, int rounds) throws Exception {
        Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Part part : Part.values()) {
                for (int i = 0; i < contenders.size(); i++) {
                    // Another one begins each round, so that none always comes behind the same one.
                    B2Contender contender = contenders.get((i + round) % contenders.size());
                    note(contender, part, process(contender, part), figures);
                }
            }
        }
        System.out.printf(
                "%d rounds, %d MiB, plain http, -Xmx%s, medians (least to most)%n%n", rounds, bytes >> 20, heap);
        System.out.println("| client | " + String.join(" | ", figures.keySet()) + " |");
        System.out.println("|---" + "|---".repeat(figures.size()) + "|");
        for (B2Contender contender : contenders) {
            StringBuilder line = new StringBuilder("| " + contender.name());
            for (Map<String, List<Double>> row : figures.values()) {
                List<Double> values = row.getOrDefault(contender.name(), List.of());
                line.append(" | ")
                        .append(values.isEmpty() ? "" : Figures.of(values).shown());
            }
            System.out.println(line + " |");
        }
        System.out.println();
        contenders.forEach(contender -> System.out.println(contender.name() + ": " + contender.description()));
    }

    private void note(
            B2Contender contender, Part part, List<String> lines, Map<String, Map<String, List<Double>>> figures) {
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("peak")) {
                add(figures, part + " peak RSS MiB", contender, Long.parseLong(words[1]) / 1024.0);
            } else if (words.length == 4 && (words[0].equals("PUT") || words[0].equals("GET"))) {
                add(
                        figures,
                        words[0] + " CPU µs",
                        contender,
                        Long.parseLong(words[3]) / 1e3 / Long.parseLong(words[1]));
            } else if (words.length == 4) {
                double gib = (double) bytes / (1L << 30);
                add(figures, words[0] + " CPU s/GiB", contender, Long.parseLong(words[3]) / 1e9 / gib);
                add(figures, words[0] + " GB/s", contender, bytes / (double) Long.parseLong(words[2]));
            }
        }
    }

    private static void add(
            Map<String, Map<String, List<Double>>> figures, String row, B2Contender contender, double value) {
        boolean isFloorOfNothing = contender.name().equals(Sha1Floor.NAME) && !row.startsWith("UPLOAD CPU");
        if (!isFloorOfNothing) {
            figures.computeIfAbsent(row, unused -> new LinkedHashMap<>())
                    .computeIfAbsent(contender.name(), unused -> new ArrayList<>())
                    .add(value);
        }
    }

    private List<String> process(B2Contender contender, Part part) throws Exception {
        Path content = Files.createDirectory(folder.resolve("content"));
        try (B2Server server = B2Server.start(0, content)) {
            makeBucket(server);
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx" + heap,
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    B2Process.NAME,
                    contender.name(),
                    part.name(),
                    server.url().toString(),
                    B2Server.KEY_ID,
                    B2Server.KEY,
                    BUCKET,
                    source.toString(),
                    Integer.toString(transfers));
            Path output = folder.resolve("output");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
                    throw new IOException(contender.name() + " did not end within " + LONGEST_MINUTES + " minutes");
                }
            } finally {
                process.destroyForcibly();
            }
            List<String> lines = Files.readAllLines(output);
            if (process.exitValue() != 0) {
                throw new IOException(contender.name() + " failed: "
                        + String.join(" | ", lines.subList(0, Math.min(12, lines.size()))));
            }
            return lines;
        } finally {
            Folders.delete(content);
        }
    }

    private static void makeBucket(B2Server server) {
        try (ObjectStore store = AnystoreB2.store(server.url(), B2Server.KEY_ID, B2Server.KEY, BUCKET, 1)) {
            store.unwrap(BucketAdmin.class).orElseThrow().create(Call.unbounded());
        }
    }
}
