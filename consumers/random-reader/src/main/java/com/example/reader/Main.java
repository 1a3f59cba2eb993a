package com.example.reader;

import dev.anystore.ByteRange;
import dev.anystore.ObjectChannel;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectStore;
import dev.anystore.StorageConfig;
import dev.anystore.StorageException;
import dev.anystore.StorageIOException;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A table of numbers, record after record, looked up from several threads: {@code Main FOLDER [SEED]}. */
public final class Main {
    private static final String KEY = "tables/squares.bin";
    private static final int RECORDS = 500_000;
    private static final int THREADS = 4;
    private static final int LOOKUPS = 250;

    private final ObjectStore store;
    private final long seed;

    private Main(ObjectStore store, long seed) {
        this.store = store;
        this.seed = seed;
    }

    /** Ends with 0 if each record that was read is the right one. */
    public static void main(String[] arguments) throws Exception {
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        System.out.println("seed " + seed);
        StorageConfig config = StorageConfig.of(Map.of("provider_type", "local", "base_path", arguments[0]));
        try (ObjectStore store = config.open()) {
            new Main(store, seed).run();
        }
        System.out.println("all records are right");
    }

    private void run() throws IOException, InterruptedException, ExecutionException {
        ObjectInfo table = store.write(KEY, out -> {
            DataOutputStream numbers = new DataOutputStream(out);
            for (long i = 0; i < RECORDS; i++) {
                numbers.writeLong(square(i));
            }
        });
        require(table.size() == (long) RECORDS * Long.BYTES, "the table has " + table.size() + " bytes");
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (ObjectChannel channel = store.openChannel(KEY)) {
            List<Future<?>> lookups = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(seed + i);
                lookups.add(threads.submit(() -> lookUp(channel, random)));
            }
            for (Future<?> lookup : lookups) {
                lookup.get();
            }
            readOn(channel);
            readMany(new Random(seed));
            replaceUnder(channel);
        } finally {
            threads.shutdown();
        }
    }

    private static Void lookUp(ObjectChannel channel, Random random) throws IOException {
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
        for (int i = 0; i < LOOKUPS; i++) {
            long record = random.nextInt(RECORDS);
            int read = channel.read(number.clear(), record * Long.BYTES);
            require(read == Long.BYTES, "record " + record + " has " + read + " bytes");
            check(record, number.flip().getLong());
        }
        require(channel.read(number.clear(), channel.size()) == -1, "something behind the end");
        return null;
    }

    /** The channel's own position moves with what is read. */
    private static void readOn(ObjectChannel channel) throws IOException {
        long first = RECORDS - 100;
        channel.position(first * Long.BYTES);
        ByteBuffer numbers = ByteBuffer.allocate(200 * Long.BYTES);
        while (channel.read(numbers) >= 0) {}
        numbers.flip();
        require(numbers.remaining() == 100 * Long.BYTES, numbers.remaining() + " bytes to the end");
        for (long record = first; record < RECORDS; record++) {
            check(record, numbers.getLong());
        }
    }

    private void readMany(Random random) {
        List<ByteRange> ranges = new ArrayList<>();
        List<Long> records = new ArrayList<>();
        for (int i = 0; i < LOOKUPS; i++) {
            long record = random.nextInt(RECORDS);
            records.add(record);
            ranges.add(ByteRange.of(record * Long.BYTES, Long.BYTES));
        }
        List<ByteBuffer> found = store.getRanges(KEY, ranges);
        require(found.size() == ranges.size(), found.size() + " answers for " + ranges.size() + " ranges");
        for (int i = 0; i < found.size(); i++) {
            check(records.get(i), found.get(i).getLong());
        }
    }

    /** Nobody gets half of the old table and half of the new one. */
    private void replaceUnder(ObjectChannel channel) throws IOException {
        store.write(KEY, out -> out.write(new byte[RECORDS * Long.BYTES]));
        try {
            channel.read(ByteBuffer.allocate(Long.BYTES), 0);
            throw new IllegalStateException("read on, in another object");
        } catch (StorageIOException e) {
            StorageException.Kind kind = e.storageException().kind();
            require(kind == StorageException.Kind.OBJECT_CHANGED, "the replaced object is " + kind);
        }
    }

    private static void check(long record, long number) {
        require(number == square(record), "record " + record + " is " + number);
    }

    private static long square(long record) {
        return record * record;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
