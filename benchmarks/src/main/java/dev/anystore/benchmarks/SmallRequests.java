package dev.anystore.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a small request costs its client: CPU time of one operation, of processes that take turns, in the steady state and
 * for the first object of a cold process. Time is printed beside it and says little: the server runs on the same cores.
 */
final class SmallRequests {
    private static final long LONGEST_MINUTES = 20;
    private static final String COLD = "first object";

    private final URI endpoint;
    private final Path folder;
    private final List<String> options;
    private final int threads;
    private final int percent;

    private SmallRequests(URI endpoint, Path folder, List<String> options, int threads, int percent) {
        this.endpoint = endpoint;
        this.folder = folder;
        this.options = options;
        this.threads = threads;
        this.percent = percent;
    }

    /** Prints the tables; false if a contender failed. */
    static boolean run(Arguments arguments) throws Exception {
        arguments.only("rounds", "threads", "percent", "tls", "heap", "only");
        int rounds = arguments.number("rounds", 1, 5);
        boolean tls = arguments.has("tls");
        String only = arguments.text("only", null);
        List<SmallContender> contenders = SmallProcess.installed().stream()
                .filter(contender ->
                        only == null || List.of(only.split(",", -1)).contains(contender.name()))
                .toList();
        Path folder = Folders.inMemory();
        System.out.println(Machine.describe());
        try (LoopbackS3 server = LoopbackS3.start(Content.generated())) {
            List<String> options = new ArrayList<>(List.of("-Xmx" + arguments.text("heap", "128m")));
            TlsFront.Identity identity = tls ? TlsFront.Identity.create(folder) : null;
            if (identity != null) {
                options.addAll(identity.trustOptions());
            }
            try (TlsFront front = identity == null ? null : TlsFront.start(identity, server.address())) {
                return new SmallRequests(
                                front == null ? server.endpoint() : front.endpoint(),
                                folder,
                                options,
                                arguments.number("threads", 1, 16),
                                arguments.number("percent", 1, 100))
                        .measure(contenders, rounds, tls ? "https, the JDK's TLS" : "plain http");
            }
        } finally {
            Folders.delete(folder);
        }
    }

    /** CPU and time of one operation, in microseconds. */
    private record Cost(double cpuMicros, double micros) {}

    private boolean measure(List<SmallContender> contenders, int rounds, String protocol)
            throws IOException, InterruptedException {
        Map<String, Map<SmallContender, List<Cost>>> costs = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < contenders.size(); i++) {
                // Another one begins each round, so that none always comes behind the same one.
                SmallContender contender = contenders.get((i + round) % contenders.size());
                process(contender, 0).forEach((row, cost) -> note(costs, row, contender, cost));
                process(contender, percent).forEach((row, cost) -> note(costs, row, contender, cost));
            }
        }
        System.out.printf(
                "%d rounds, %s, %d threads, objects of %d bytes, pages of %d keys, %s%n",
                rounds, protocol, threads, SmallVerb.BYTES, SmallVerb.KEYS, String.join(" ", options.subList(0, 1)));
        System.out.printf("CPU microseconds of the client for one operation: median (least to most)%n%n");
        System.out.println("| client | " + String.join(" | ", costs.keySet()) + " |");
        System.out.println("|---" + "|---".repeat(costs.size()) + "|");
        for (SmallContender contender : contenders) {
            StringBuilder line = new StringBuilder("| " + contender.name());
            costs.values().forEach(row -> line.append(" | ")
                    .append(cpu(row, contender).shown()));
            System.out.println(line + " |");
        }
        ratios(contenders, costs);
        contenders.forEach(contender -> System.out.println(contender.name() + ": " + contender.description()));
        return true;
    }

    private static void note(
            Map<String, Map<SmallContender, List<Cost>>> costs, String row, SmallContender contender, Cost cost) {
        costs.computeIfAbsent(row, r -> new LinkedHashMap<>())
                .computeIfAbsent(contender, c -> new ArrayList<>())
                .add(cost);
    }

    private static Figures cpu(Map<SmallContender, List<Cost>> row, SmallContender contender) {
        return Figures.of(Objects.requireNonNull(row.get(contender)).stream()
                .map(Cost::cpuMicros)
                .toList());
    }

    /** Ours over each of theirs, of the medians. */
    private static void ratios(List<SmallContender> contenders, Map<String, Map<SmallContender, List<Cost>>> costs) {
        SmallContender ours = contenders.stream()
                .filter(contender -> contender instanceof AnystoreSmall)
                .findAny()
                .orElse(null);
        if (ours == null) {
            return;
        }
        System.out.println();
        for (SmallContender contender : contenders) {
            if (contender != ours) {
                StringBuilder line = new StringBuilder("anystore over " + contender.name() + ":");
                costs.forEach((name, row) -> line.append(' ')
                        .append(name)
                        .append(' ')
                        .append(Figures.shown(
                                cpu(row, ours).median() / cpu(row, contender).median())));
                System.out.println(line);
            }
        }
        System.out.println();
    }

    private Map<String, Cost> process(SmallContender contender, int amount) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), SmallProcess.NAME));
        command.addAll(SmallProcess.words(contender, endpoint, threads, amount));
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
            throw new IOException(
                    contender.name() + " failed: " + String.join(" | ", lines.subList(0, Math.min(12, lines.size()))));
        }
        Map<String, Cost> costs = new LinkedHashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("cold")) {
                costs.put(COLD, new Cost(Long.parseLong(words[1]) / 1e3, 0));
            } else if (verb(words[0]) != null) {
                double operations = Double.parseDouble(words[1]);
                costs.put(
                        words[0],
                        new Cost(
                                Long.parseLong(words[3]) / 1e3 / operations,
                                Long.parseLong(words[2]) / 1e3 / operations));
            }
        }
        return costs;
    }

    private static @Nullable SmallVerb verb(String name) {
        for (SmallVerb verb : SmallVerb.values()) {
            if (verb.name().equals(name)) {
                return verb;
            }
        }
        return null;
    }
}
