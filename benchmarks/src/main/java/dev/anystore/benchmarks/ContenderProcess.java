package dev.anystore.benchmarks;

import dev.anystore.benchmarks.Contender.Client;
import java.net.URI;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * The process of one contender. It transfers so many times and prints one line for each, {@code transfer nanos cpuNanos}, then
 * {@code peak kibibytes}.
 */
final class ContenderProcess {
    /** The instrument of the command line that only the harness calls. */
    static final String NAME = "contender";

    private ContenderProcess() {}

    /** The words behind {@link #NAME}. */
    static List<String> words(Contender contender, Direction direction, Job job, int transfers) {
        return List.of(
                contender.name(),
                direction.name(),
                job.endpoint().toString(),
                job.source().toString(),
                job.target().toString(),
                Long.toString(job.bytes()),
                Long.toString(job.partBytes()),
                Integer.toString(job.connections()),
                Integer.toString(transfers));
    }

    /** Ours, the bare ones, and those that the profile {@code peers} brings, by name. */
    static List<Contender> installed() {
        Stream<Contender> peers = ServiceLoader.load(Contender.class).stream().map(ServiceLoader.Provider::get);
        Stream<Contender> ours = Stream.of(new AnystoreContender(), new RawSockets(false), new RawSockets(true));
        return Stream.of(ours, CommandContender.all().stream(), peers)
                .flatMap(contenders -> contenders)
                .filter(Contender::isInstalled)
                .sorted(Comparator.comparing(Contender::name))
                .toList();
    }

    /** The one of this name. */
    static Contender named(String name) {
        return installed().stream()
                .filter(contender -> contender.name().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("no contender " + name + "; there are "
                        + installed().stream().map(Contender::name).toList()));
    }

    /** Does what the words say. */
    static boolean run(List<String> words) throws Exception {
        Contender contender = named(words.get(0));
        Direction direction = Direction.valueOf(words.get(1));
        Job job = new Job(
                URI.create(words.get(2)),
                Path.of(words.get(3)),
                Path.of(words.get(4)),
                Long.parseLong(words.get(5)),
                Long.parseLong(words.get(6)),
                Integer.parseInt(words.get(7)));
        int transfers = Integer.parseInt(words.get(8));
        try (Client client = contender.open(job)) {
            for (int i = 0; i < transfers; i++) {
                long cpu = client.cpuNanos();
                long began = System.nanoTime();
                direction.run(client);
                long nanos = System.nanoTime() - began;
                System.out.println("transfer " + nanos + " " + (client.cpuNanos() - cpu));
            }
            System.out.println("peak " + client.peakKibibytes());
        }
        return true;
    }
}
