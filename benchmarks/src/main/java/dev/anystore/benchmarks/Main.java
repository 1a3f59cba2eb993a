package dev.anystore.benchmarks;

import java.util.Arrays;
import java.util.List;

/** {@code java -jar benchmarks.jar}: see README.md beside the sources. */
public final class Main {
    private static final String USAGE = """
            java -jar benchmarks.jar [speed]        GB/s of an upload and a download beside the machine's ceilings
              --quick  --folder FOLDER  --size MIB  --part MIB  --connections N
            java -jar benchmarks.jar harness        this library and other clients, one process each, interleaved
              --rounds N  --transfers N  --heap 128m  --only a,b  --size MIB  --part MIB  --connections N
              --latency MS  --rate MBPS  --stragglers EVERY  --refuse EVERY  --raw FILE  --folder FOLDER
              --jvm "OPTIONS"  --tls  --page FOLDER
            java -jar benchmarks.jar small          CPU of one small request, and of a cold process's first object
              --rounds N  --threads N  --percent N  --tls  --only a,b  --heap 128m
            java -jar benchmarks.jar b2             CPU and memory of B2's own API, large files and small
              --rounds N  --transfers N  --size MIB  --only a,b  --heap 256m
            java -jar benchmarks.jar local          the local provider beside cp, sync and a bare loop
              --rounds N  --size MIB  --puts N  --folder FOLDER
            java -jar benchmarks.jar gcs            Cloud Storage beside Google's own client, on one server
              --rounds N  --size MIB  --puts N  --heap 256m
            java -jar benchmarks.jar jmh ...        JMH itself; -h tells what it takes
            """;

    private Main() {}

    /** Runs one of the instruments; exits 1 if it failed or a figure was refused, 2 if it was called wrongly. */
    public static void main(String[] args) throws Exception {
        boolean named = args.length > 0 && !args[0].startsWith("--");
        String instrument = named ? args[0] : "speed";
        List<String> rest = Arrays.asList(args).subList(named ? 1 : 0, args.length);
        if (instrument.equals("jmh")) {
            org.openjdk.jmh.Main.main(rest.toArray(String[]::new));
            return;
        }
        try {
            boolean done =
                    switch (instrument) {
                        case "speed" -> Speed.run(Arguments.of(rest));
                        case "harness" -> Harness.run(Arguments.of(rest));
                        case "local" -> LocalSpeed.run(Arguments.of(rest));
                        case "small" -> SmallRequests.run(Arguments.of(rest));
                        case "gcs" -> GcsSpeed.run(Arguments.of(rest));
                        case GcsProcess.NAME -> GcsProcess.run(rest);
                        case "b2" -> B2Speed.run(Arguments.of(rest));
                        case B2Process.NAME -> B2Process.run(rest);
                        case SmallProcess.NAME -> SmallProcess.run(rest);
                        case ContenderProcess.NAME -> ContenderProcess.run(rest);
                        default -> throw new IllegalArgumentException("there is no instrument " + instrument);
                    };
            System.exit(done ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(USAGE);
            System.exit(2);
        }
    }
}
