package dev.anystore.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs every contender in a process of its own with the same heap, one after the other and round after round, so that what
 * else the machine does meets them all alike. The server runs here, so that a process's CPU is the client's alone.
 *
 * <p>A process transfers several times: the first one, which pays for loading and compiling, is reported apart. Before
 * anything is measured each contender has to prove itself: digests are compared by the server, downloads byte by byte.
 */
final class Harness {
    private static final long LONGEST_MINUTES = 10;
    private static final double GIB = 1L << 30;

    private final LoopbackS3 server;
    private final Job job;
    private final int transfers;
    private final String heap;
    private final List<String> jvm;
    private final @Nullable Path raw;
    private final TransferCharts charts = new TransferCharts();

    private Harness(LoopbackS3 server, Job job, int transfers, String heap, List<String> jvm, @Nullable Path raw) {
        this.server = server;
        this.job = job;
        this.transfers = transfers;
        this.heap = heap;
        this.jvm = jvm;
        this.raw = raw;
    }

    /**
     * One process.
     *
     * @param first the transfer that pays for loading and compiling
     * @param later the median of the others
     * @param peakKibibytes of memory
     * @param requests of one transfer
     * @param connections at once
     */
    private record Run(Transfer first, Transfer later, long peakKibibytes, double requests, int connections) {}

    /** One transfer. */
    private record Transfer(double seconds, double cpuSeconds) {}

    /** Prints the tables; false if a contender failed or a figure was refused. */
    static boolean run(Arguments arguments) throws Exception {
        arguments.only(
                "rounds",
                "transfers",
                "heap",
                "only",
                "size",
                "part",
                "connections",
                "latency",
                "rate",
                "stragglers",
                "refuse",
                "raw",
                "jvm",
                "tls",
                "page");
        List<Contender> contenders = chosen(arguments.text("only", null));
        Content content = Content.generated();
        Path folder = Folders.inMemory();
        String machine = Machine.describe();
        boolean tls = arguments.has("tls");
        TlsFront.Identity identity = tls ? TlsFront.Identity.create(folder) : null;
        try (LoopbackS3 server = LoopbackS3.start(content);
                TlsFront front = identity == null ? null : TlsFront.start(identity, server.address())) {
            Job job = new Job(
                    front == null ? server.endpoint() : front.endpoint(),
                    folder.resolve("source"),
                    folder.resolve("target"),
                    (long) arguments.number("size", 1, 512) << 20,
                    (long) arguments.number("part", 5, 8) << 20,
                    arguments.number("connections", 1, 8));
            content.writeFile(job.source(), job.bytes());
            content.crc32c(job.bytes());
            String raw = arguments.text("raw", null);
            List<String> jvm = new ArrayList<>(identity == null ? List.of() : identity.trustOptions());
            String more = arguments.text("jvm", null);
            jvm.addAll(more == null ? List.of() : List.of(more.split(" ", -1)));
            Harness harness = new Harness(
                    server,
                    job,
                    arguments.number("transfers", 2, 4),
                    String.valueOf(arguments.text("heap", "128m")),
                    jvm,
                    raw == null ? null : Path.of(raw));
            Behaviour behaviour = Behaviour.DIRECT
                    .withLink(arguments.number("latency", 0, 0), arguments.number("rate", 0, 0) * 1_000_000L)
                    .withStragglers(arguments.number("stragglers", 0, 0), 50)
                    .withRefusals(arguments.number("refuse", 0, 0));
            int rounds = arguments.number("rounds", 1, 5);
            String what = "%d MiB, parts of %d MiB, %d connections, %s, -Xmx%s, files on %s, %d rounds, %s"
                    .formatted(
                            job.bytes() >> 20,
                            job.partBytes() >> 20,
                            job.connections(),
                            tls ? "https" : "plain http",
                            harness.heap,
                            Folders.describe(folder),
                            rounds,
                            behaviour);
            System.out.println(machine);
            System.out.println(what);
            boolean good = harness.measure(contenders, rounds, behaviour);
            String page = arguments.text("page", null);
            if (page != null) {
                harness.charts.write(Path.of(page), machine, what);
            }
            return good;
        } finally {
            Folders.delete(folder);
        }
    }

    private static List<Contender> chosen(@Nullable String only) {
        List<Contender> contenders = new ArrayList<>();
        if (only == null) {
            contenders.addAll(ContenderProcess.installed());
        } else {
            for (String name : only.split(",", -1)) {
                contenders.add(ContenderProcess.named(name));
            }
        }
        if (contenders.stream().noneMatch(contender -> contender.name().equals(RawSockets.CEILING))) {
            contenders.add(ContenderProcess.named(RawSockets.CEILING));
        }
        return contenders;
    }

    private boolean measure(List<Contender> contenders, int rounds, Behaviour behaviour) throws Exception {
        boolean good = true;
        for (Direction direction : Direction.values()) {
            List<Contender> proven = new ArrayList<>();
            for (Contender contender : contenders) {
                if (proves(contender, direction)) {
                    proven.add(contender);
                } else {
                    good = false;
                }
            }
            server.behave(behaviour);
            Map<Contender, List<Run>> runs = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < proven.size(); i++) {
                    // Another one begins each round, so that none always comes behind the same one.
                    Contender contender = proven.get((i + round) % proven.size());
                    Run run = process(contender, direction, transfers);
                    runs.computeIfAbsent(contender, c -> new ArrayList<>()).add(run);
                    note(contender, direction, round, run);
                }
            }
            server.behave(Behaviour.DIRECT);
            good &= print(direction, proven, runs);
        }
        return good;
    }

    private boolean proves(Contender contender, Direction direction) {
        server.verify(true);
        try {
            process(contender, direction, 1);
            return true;
        } catch (IOException | IllegalStateException | InterruptedException e) {
            System.out.println(contender.name() + " is left out: " + e.getMessage());
            return false;
        } finally {
            server.verify(false);
        }
    }

    private Run process(Contender contender, Direction direction, int count) throws IOException, InterruptedException {
        Files.deleteIfExists(job.target());
        server.resetConnections();
        LoopbackS3.Counts before = server.counts();
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + heap));
        command.addAll(jvm);
        command.addAll(contender.jvm());
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), ContenderProcess.NAME));
        Job its = contender.speaksTls() ? job : job.at(server.endpoint());
        command.addAll(ContenderProcess.words(contender, direction, its, count));
        Path output = job.target().resolveSibling("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException("it did not end within " + LONGEST_MINUTES + " minutes");
            }
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output);
        if (process.exitValue() != 0) {
            throw new IOException("it failed: " + String.join(" | ", lines.subList(0, Math.min(12, lines.size()))));
        }
        LoopbackS3.Counts done = server.counts().since(before);
        if (direction == Direction.UPLOAD) {
            // Refused parts are counted by nobody, retried ones once; so this is exact with faults too.
            if (done.received() < job.bytes() * count) {
                throw new IllegalStateException(done.received() + " bytes arrived of " + job.bytes() * count);
            }
        } else if (contender.keepsDownloads()) {
            Proof.downloaded(server.content(), job);
        }
        return read(lines, (double) done.requests() / count, done.connectionsMost());
    }

    private static Run read(List<String> lines, double requests, int connections) throws IOException {
        List<Transfer> transfers = new ArrayList<>();
        long peak = -1;
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("transfer")) {
                transfers.add(new Transfer(Long.parseLong(words[1]) / 1e9, Long.parseLong(words[2]) / 1e9));
            } else if (words[0].equals("peak")) {
                peak = Long.parseLong(words[1]);
            }
        }
        if (transfers.isEmpty()) {
            throw new IOException("it printed no transfer");
        }
        Transfer first = transfers.get(0);
        List<Transfer> later = transfers.size() == 1 ? transfers : transfers.subList(1, transfers.size());
        return new Run(
                first,
                new Transfer(median(later, Transfer::seconds), median(later, Transfer::cpuSeconds)),
                peak,
                requests,
                connections);
    }

    private static <T> double median(List<T> values, ToDoubleFunction<T> figure) {
        return Figures.of(values.stream().map(figure::applyAsDouble).toList()).median();
    }

    /** One JSON line for each process, so that others can count again. */
    private void note(Contender contender, Direction direction, int round, Run run) throws IOException {
        if (raw == null) {
            return;
        }
        String line = """
                {"contender":"%s","direction":"%s","round":%d,"bytes":%d,"firstSeconds":%s,"firstCpuSeconds":%s,\
                "seconds":%s,"cpuSeconds":%s,"peakKiB":%d,"requests":%s,"connections":%d}
                """.formatted(
                        contender.name(),
                        direction,
                        round + 1,
                        job.bytes(),
                        run.first().seconds(),
                        run.first().cpuSeconds(),
                        run.later().seconds(),
                        run.later().cpuSeconds(),
                        run.peakKibibytes(),
                        run.requests(),
                        run.connections());
        Files.writeString(raw, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private boolean print(Direction direction, List<Contender> contenders, Map<Contender, List<Run>> runs) {
        Ceiling ceiling = contenders.stream()
                .filter(contender -> contender.name().equals(RawSockets.CEILING))
                .map(contender -> new Ceiling(contender.name(), gigabytes(runs.get(contender))))
                .findAny()
                .orElse(null);
        if (ceiling == null) {
            System.out.println(direction + ": without the ceiling there are no figures");
            return false;
        }
        System.out.printf("%n%s: medians of the rounds (least to most)%n%n", direction);
        System.out.println("| client | GB/s | first | CPU s/GiB | first | peak RSS MiB | requests | connections |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        boolean good = true;
        for (Contender contender : contenders) {
            List<Run> all = List.copyOf(runs.getOrDefault(contender, List.of()));
            Figures speed = gigabytes(all);
            boolean refused = ceiling.refuses(speed);
            good &= !refused;
            System.out.printf(
                    "| %s | %s | %s | %s | %s | %s | %s | %s |%n",
                    contender.name(),
                    refused ? ceiling.refusal() : speed.shown(),
                    refused
                            ? ""
                            : Figures.shown(median(
                                    all, run -> job.bytes() / 1e9 / run.first().seconds())),
                    figures(all, run -> run.later().cpuSeconds() * GIB / job.bytes())
                            .shown(),
                    Figures.shown(median(all, run -> run.first().cpuSeconds() * GIB / job.bytes())),
                    Figures.shown(median(all, run -> run.peakKibibytes() / 1024.0)),
                    Figures.shown(median(all, Run::requests)),
                    Figures.shown(median(all, Run::connections)));
        }
        System.out.println();
        contenders.forEach(contender -> {
            System.out.println(contender.name() + ": " + contender.description());
            List<Run> all = List.copyOf(runs.getOrDefault(contender, List.of()));
            Figures speed = gigabytes(all);
            charts.add(
                    direction,
                    contender,
                    ceiling.refuses(speed) ? null : speed,
                    figures(all, run -> run.later().cpuSeconds() * GIB / job.bytes()),
                    figures(all, run -> run.peakKibibytes() / 1024.0));
        });
        return good;
    }

    private Figures gigabytes(@Nullable List<Run> runs) {
        return figures(
                runs == null ? List.of() : runs,
                run -> job.bytes() / 1e9 / run.later().seconds());
    }

    private static Figures figures(List<Run> runs, ToDoubleFunction<Run> figure) {
        return Figures.of(runs.stream().map(figure::applyAsDouble).toList());
    }
}
