package dev.anystore.benchmarks;

import dev.anystore.benchmarks.SmallContender.Client;
import java.net.URI;
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
 * The process of one contender for small requests. It prints one line for each verb, {@code PUT operations nanos cpuNanos};
 * or, if it is cold, {@code cold cpuNanos}: all that the process has used until it had its first object.
 */
final class SmallProcess {
    /** The instrument of the command line that only {@link SmallRequests} calls. */
    static final String NAME = "small-contender";

    private SmallProcess() {}

    /** Ours, and those that the profile {@code peers} brings, by name. */
    static List<SmallContender> installed() {
        Stream<SmallContender> peers =
                ServiceLoader.load(SmallContender.class).stream().map(ServiceLoader.Provider::get);
        return Stream.concat(Stream.of(new AnystoreSmall()), peers)
                .sorted(Comparator.comparing(SmallContender::name))
                .toList();
    }

    /** The one of this name. */
    static SmallContender named(String name) {
        return installed().stream()
                .filter(contender -> contender.name().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("no contender " + name));
    }

    /** The words behind {@link #NAME}; no operations: the first object of a cold process. */
    static List<String> words(SmallContender contender, URI endpoint, int threads, int percent) {
        return List.of(contender.name(), endpoint.toString(), Integer.toString(threads), Integer.toString(percent));
    }

    /** Does what the words say. */
    static boolean run(List<String> words) throws Exception {
        SmallContender contender = named(words.get(0));
        int threads = Integer.parseInt(words.get(2));
        int percent = Integer.parseInt(words.get(3));
        try (Client client = contender.open(URI.create(words.get(1)), threads)) {
            if (percent == 0) {
                Proof.same("read", SmallVerb.BYTES, client.get(LoopbackS3.key(SmallVerb.BYTES)).length);
                System.out.println("cold " + ProcessCpu.nanos());
            } else {
                byte[] bytes = client.get(LoopbackS3.key(SmallVerb.BYTES));
                // All verbs first, so that what they share is compiled before the first of them is measured.
                for (SmallVerb verb : SmallVerb.values()) {
                    all(client, verb, bytes, threads, 2 * operations(verb, threads, percent));
                }
                for (SmallVerb verb : SmallVerb.values()) {
                    int operations = operations(verb, threads, percent);
                    long cpu = ProcessCpu.nanos();
                    long began = System.nanoTime();
                    all(client, verb, bytes, threads, operations);
                    long nanos = System.nanoTime() - began;
                    System.out.println(verb + " " + operations + " " + nanos + " " + (ProcessCpu.nanos() - cpu));
                }
            }
        }
        return true;
    }

    private static int operations(SmallVerb verb, int threads, int percent) {
        return Math.max(threads, verb.operations() * percent / 100);
    }

    private static void all(Client client, SmallVerb verb, byte[] bytes, int threads, int operations) throws Exception {
        AtomicInteger next = new AtomicInteger();
        Callable<Void> work = () -> {
            for (int number = next.getAndIncrement(); number < operations; number = next.getAndIncrement()) {
                verb.run(client, bytes, number);
            }
            return null;
        };
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> each = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                each.add(work);
            }
            for (Future<Void> done : pool.invokeAll(each)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
