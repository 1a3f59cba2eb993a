package dev.anystore.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Files made from a seed, with the SHA-256 of each as it was made: what comes back is held against what was meant, not
 * against what the disk says today.
 */
final class DemoData {
    private static final int CHUNK_BYTES = 256 << 10;
    private static final int FILES_IN_A_FOLDER = 100;
    private static final int LARGEST_SMALL_BYTES = 16 << 10;

    private final Path folder;
    private final SplittableRandom random;
    private final Map<String, String> digests = new TreeMap<>();
    private long smallBytes;

    DemoData(Path folder, long seed) {
        this.folder = folder;
        this.random = new SplittableRandom(seed);
    }

    /** The folder with the small ones. */
    Path small() {
        return folder.resolve("small");
    }

    Path large() {
        return folder.resolve("large.bin");
    }

    long smallBytes() {
        return smallBytes;
    }

    int smallCount() {
        return digests.size() - (digests.containsKey("large.bin") ? 1 : 0);
    }

    /** Many files of 1 byte to 16 KiB, a hundred in a folder. */
    void makeSmall(int count, LongConsumer told) throws IOException {
        for (int i = 0; i < count; i++) {
            String path = "%02d/file-%04d.bin".formatted(i / FILES_IN_A_FOLDER, i);
            Path file = small().resolve(path);
            if (i % FILES_IN_A_FOLDER == 0) {
                Files.createDirectories(small().resolve("%02d".formatted(i / FILES_IN_A_FOLDER)));
            }
            byte[] bytes = new byte[1 + random.nextInt(LARGEST_SMALL_BYTES)];
            fill(bytes);
            Files.write(file, bytes);
            digests.put("small/" + path, hex(sha256().digest(bytes)));
            smallBytes += bytes.length;
            told.accept(smallBytes);
        }
    }

    void makeLarge(long size, LongConsumer told) throws IOException {
        Files.createDirectories(folder);
        MessageDigest digest = sha256();
        byte[] chunk = new byte[CHUNK_BYTES];
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(large()), digest)) {
            for (long written = 0; written < size; ) {
                Interruption.check();
                int n = (int) Math.min(chunk.length, size - written);
                fill(chunk);
                out.write(chunk, 0, n);
                written += n;
                told.accept(written);
            }
        }
        digests.put("large.bin", hex(digest.digest()));
    }

    private void fill(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.remaining() >= Long.BYTES) {
            buffer.putLong(random.nextLong());
        }
        while (buffer.hasRemaining()) {
            buffer.put((byte) random.nextInt());
        }
    }

    /** Compares every file below a folder with the small ones as they were made: none missing, none other, none more. */
    void compareSmall(Path copies) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (var files = Files.walk(copies)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Interruption.check();
                String path = copies.relativize(file).toString().replace('\\', '/');
                found.put("small/" + path, hex(sha256().digest(Files.readAllBytes(file))));
            }
        }
        Map<String, String> expected = new TreeMap<>(digests);
        expected.remove("large.bin");
        for (Map.Entry<String, String> entry : expected.entrySet()) {
            String digest = found.remove(entry.getKey());
            if (!entry.getValue().equals(digest)) {
                throw CommandFailure.wrongBytes(entry.getKey()
                        + (digest == null ? " did not come back" : " came back with other bytes than were stored"));
            }
        }
        if (!found.isEmpty()) {
            throw CommandFailure.wrongBytes(found.keySet().iterator().next() + " came back, and was never stored");
        }
    }

    /** Compares a stream with the large one as it was made. */
    void compareLarge(String what, InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            Interruption.check();
            digest.update(chunk, 0, n);
        }
        if (!hex(digest.digest()).equals(digests.get("large.bin"))) {
            throw CommandFailure.wrongBytes(what + " has other bytes than were stored");
        }
    }

    /** Compares a few bytes with those of a small one. */
    void compareSmall(String path, byte[] bytes) {
        if (!hex(sha256().digest(bytes)).equals(digests.get("small/" + path))) {
            throw CommandFailure.wrongBytes(path + " has other bytes than were stored");
        }
    }

    /** The first of the small ones. */
    String anySmall() {
        return "00/file-0000.bin";
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Removes a folder and all that is in it; what can't be removed is tried once more, then told. */
    static void remove(Path folder) throws IOException {
        IOException first = null;
        for (int attempt = 0; attempt < 2; attempt++) {
            try {
                removeOnce(folder);
                return;
            } catch (IOException e) {
                first = e;
            }
        }
        throw first == null ? new IOException(folder.toString()) : first;
    }

    private static void removeOnce(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Path[] all;
        try (var found = Files.walk(folder)) {
            all = found.toArray(Path[]::new);
        }
        // A folder comes before what is in it.
        Arrays.sort(all, java.util.Comparator.reverseOrder());
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
