package dev.anystore.benchmarks;

import dev.anystore.testkit.gcs.GcsServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What a transfer to Cloud Storage costs: ours beside the ways of Google's own client, {@code createFrom} and {@code downloadTo},
 * and its transfer manager with parallel composition. One process each, one after the other, on one server in this process, so
 * that only the costs of the client count: CPU for each GiB and each object of 4 KiB, and the most memory that it had. The
 * server's own speed is no service's.
 */
final class GcsSpeed {
    private static final long MIB = 1L << 20;

    private GcsSpeed() {}

    static boolean run(Arguments arguments) throws Exception {
        arguments.only("rounds", "size", "puts", "heap");
        int rounds = arguments.number("rounds", 1, 3);
        long size = arguments.number("size", 1, 256) * MIB;
        int puts = arguments.number("puts", 1, 2000);
        String heap = String.valueOf(arguments.text("heap", "256m"));
        // Without it the JDK's server lets each answer wait for 40 ms. Read when its first class is loaded.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Path folder = Files.createTempDirectory("anystore-gcs");
        try (GcsServer server = GcsServer.startOpen()) {
            server.createBucket(GcsProcess.BUCKET);
            Path file = source(folder.resolve("source"), size);
            Map<String, List<Double>> figures = new TreeMap<>();
            for (int round = 0; round < rounds; round++) {
                for (String contender : GcsProcess.CONTENDERS) {
                    for (String line : child(contender, server, file, puts, heap)) {
                        String[] words = line.split(" ", -1);
                        figures.computeIfAbsent(words[0] + ' ' + contender, name -> new ArrayList<>())
                                .add(Double.valueOf(words[1]));
                    }
                }
            }
            System.out.printf(
                    Locale.ROOT, "%d MiB, %d objects of 4 KiB, %d rounds, median%n", size / MIB, puts, rounds);
            figures.forEach((name, values) -> {
                values.sort(null);
                System.out.printf(Locale.ROOT, "%-40s %10.2f%n", name, values.get(values.size() / 2));
            });
        } finally {
            Files.deleteIfExists(folder.resolve("source"));
            Files.deleteIfExists(folder.resolve("target"));
            Files.deleteIfExists(folder);
        }
        return true;
    }

    private static Path source(Path file, long size) throws IOException {
        byte[] block = new byte[(int) MIB];
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        try (var out = Files.newOutputStream(file)) {
            for (long written = 0; written < size; written += block.length) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return file;
    }

    private static List<String> child(String contender, GcsServer server, Path file, int puts, String heap)
            throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                GcsProcess.NAME,
                contender,
                server.endpoint().toString(),
                file.toString(),
                Integer.toString(puts));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException(contender + " failed");
        }
        return lines;
    }
}
