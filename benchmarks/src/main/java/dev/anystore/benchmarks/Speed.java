package dev.anystore.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs both JMH classes, and prints each transfer beside the ceiling that it stands under. */
final class Speed {
    private static final double GIB_IN_GB = (1L << 30) / 1e9;

    /**
     * What JMH measured.
     *
     * @param gigabytes a second, of each iteration
     * @param cores of each iteration: CPU seconds a second, without the server's
     */
    private record Measured(Figures gigabytes, Figures cores) {
        double cpuSecondsPerGibibyte() {
            return cores.median() / gigabytes.median() * GIB_IN_GB;
        }
    }

    private Speed() {}

    /** Prints the table; false if a figure was refused. */
    static boolean run(Arguments arguments) throws Exception {
        arguments.only("quick", "size", "part", "connections");
        String machine = Machine.describe();
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(CeilingBenchmark.class.getSimpleName())
                .include(TransferBenchmark.class.getSimpleName())
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        parameter(options, "mebibytes", arguments.number("size", 1, 256));
        parameter(options, "partMebibytes", arguments.number("part", 5, 8)); // S3's smallest part
        parameter(options, "connections", arguments.number("connections", 1, 8));
        if (arguments.has("quick")) {
            TimeValue second = TimeValue.seconds(1);
            options.warmupIterations(1)
                    .warmupTime(second)
                    .measurementIterations(3)
                    .measurementTime(second);
        }
        System.out.println("This takes about " + (arguments.has("quick") ? "45 s" : "100 s") + " ...");
        Map<String, Measured> measured = measured(new Runner(options.build()).run());
        System.out.println(machine);
        return print(measured);
    }

    private static void parameter(ChainedOptionsBuilder options, String name, int value) {
        options.param(name, Integer.toString(value));
    }

    private static Map<String, Measured> measured(Collection<RunResult> results) {
        Map<String, Measured> measured = new LinkedHashMap<>();
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark();
            measured.put(
                    name.substring(name.lastIndexOf('.') + 1),
                    new Measured(each(result, "gigabytes"), each(result, "clientCpuSeconds")));
        }
        return measured;
    }

    private static Figures each(RunResult result, String counter) {
        List<Double> values = new ArrayList<>();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                values.add(
                        Objects.requireNonNull(iteration.getSecondaryResults().get(counter), counter)
                                .getScore());
            }
        }
        return Figures.of(values);
    }

    private static boolean print(Map<String, Measured> measured) {
        System.out.println();
        System.out.println("ceiling of this machine          GB/s, median (least to most)   CPU s/GiB");
        for (String name :
                List.of("rawUpload", "rawDownload", "rawDownloadToFile", "diskWrite", "memoryCopy", "crc32c")) {
            row(name, measured);
        }
        System.out.println();
        System.out.println(
                "anystore                         GB/s, median (least to most)   CPU s/GiB   of its ceiling");
        boolean up = transfer("upload", measured, "rawUpload");
        boolean down = transfer("download", measured, "rawDownload", "diskWrite");
        System.out.println();
        System.out.println("GB are 10^9 bytes. CPU s/GiB counts this process without the server's threads.");
        System.out.println("Threads as connections, but memoryCopy and crc32c: one thread.");
        System.out.println("A ceiling is its fastest iteration; a transfer whose median is above it is refused.");
        return up && down;
    }

    private static void row(String name, Map<String, Measured> measured) {
        System.out.println(line(name, find(name, measured)));
    }

    private static String line(String name, Measured figures) {
        return "%-32s %-30s %-9s"
                .formatted(name, figures.gigabytes().shown(), Figures.shown(figures.cpuSecondsPerGibibyte()));
    }

    private static boolean transfer(String name, Map<String, Measured> measured, String... ceilings) {
        Measured figures = find(name, measured);
        Ceiling ceiling = Arrays.stream(ceilings)
                .map(each -> new Ceiling(each, find(each, measured).gigabytes()))
                .reduce(Ceiling::lower)
                .orElseThrow();
        System.out.println(
                ceiling.refuses(figures.gigabytes())
                        ? "%-32s %s".formatted(name, ceiling.refusal())
                        : line(name, figures) + "   " + ceiling.share(figures.gigabytes()));
        return !ceiling.refuses(figures.gigabytes());
    }

    private static Measured find(String name, Map<String, Measured> measured) {
        Measured figures = measured.get(name);
        if (figures == null) {
            throw new IllegalStateException(name + " was not measured");
        }
        return figures;
    }
}
