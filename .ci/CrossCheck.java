import dev.anystore.Body;
import dev.anystore.GetOptions;
import dev.anystore.ListEntry;
import dev.anystore.ListOptions;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectReader;
import dev.anystore.ObjectStore;
import dev.anystore.PutOptions;
import dev.anystore.StorageConfig;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The library's side of .ci/cross-check, on the store that the environment names:
 *
 * <pre>
 * put OBJECTS FOLDER PREFIX       stores every object of the list
 * compare OBJECTS PREFIX          reads every object below the prefix: the list's, and no other
 * compare-bytes OBJECTS PREFIX    the same without type and metadata, which not every client stores
 * etags PREFIX                    prints size, entity tag and key of every object
 * </pre>
 *
 * OBJECTS has a line for each: number, size, SHA-256, type, value of the metadata "origin", and key, percent-encoded.
 */
final class CrossCheck {
    private record Row(String number, long size, String sha256, String type, String origin, String key) {}

    public static void main(String[] arguments) throws Exception {
        try (ObjectStore store = StorageConfig.getDefault().open()) {
            switch (arguments[0]) {
                case "put" -> put(store, rows(arguments[1]), Path.of(arguments[2]), arguments[3]);
                case "compare" -> compare(store, rows(arguments[1]), arguments[2], true);
                case "compare-bytes" -> compare(store, rows(arguments[1]), arguments[2], false);
                case "etags" -> etags(store, arguments[1]);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    private static List<Row> rows(String file) throws Exception {
        return Files.readAllLines(Path.of(file)).stream()
                .map(line -> line.split("\t"))
                .map(f -> new Row(f[0], Long.parseLong(f[1]), f[2], f[3], decode(f[4]), decode(f[5])))
                .toList();
    }

    private static void put(ObjectStore store, List<Row> rows, Path folder, String prefix) throws Exception {
        each(rows, row -> {
            PutOptions options = PutOptions.DEFAULT
                    .withContentType(row.type)
                    .withMetadata(Map.of("origin", row.origin, "number", row.number));
            Path file = folder.resolve(row.number);
            // Half of them from memory, the others as files are sent.
            if (row.size < 1 << 20 && Integer.parseInt(row.number) % 2 == 0) {
                store.put(prefix + row.key, Body.of(Files.readAllBytes(file)), options);
            } else {
                store.upload(file, prefix + row.key, options);
            }
        });
    }

    private static void compare(ObjectStore store, List<Row> rows, String prefix, boolean all) throws Exception {
        Map<String, Long> listed = new TreeMap<>();
        for (ListEntry entry : store.list(prefix, ListOptions.DEFAULT)) {
            listed.put(entry.key().substring(prefix.length()), entry.size());
        }
        Map<String, Long> expected = new TreeMap<>();
        rows.forEach(row -> expected.put(row.key, row.size));
        Set<String> missing = new TreeSet<>(expected.keySet());
        missing.removeAll(listed.keySet());
        Set<String> others = new TreeSet<>(listed.keySet());
        others.removeAll(expected.keySet());
        check(missing.isEmpty() && others.isEmpty(), "not listed: %s; listed as well: %s".formatted(missing, others));
        check(listed.equals(expected), "other sizes are listed");
        each(rows, row -> {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (ObjectReader reader = store.get(prefix + row.key, GetOptions.DEFAULT)) {
                new DigestInputStream(reader, digest).transferTo(OutputStream.nullOutputStream());
                ObjectInfo info = reader.info();
                check(info.size() == row.size, row.key + " has " + info.size() + " bytes");
                check(HexFormat.of().formatHex(digest.digest()).equals(row.sha256), row.key + " has other bytes");
                if (all) {
                    check(info.contentType().orElse("").equals(row.type), row.key + " is " + info.contentType());
                    check(
                            row.origin.equals(info.metadata().get("origin")),
                            row.key + " has the metadata " + info.metadata());
                }
            }
        });
        System.out.println("  anystore: " + rows.size() + " objects as they should be");
    }

    private static void etags(ObjectStore store, String prefix) {
        Map<String, String> lines = new LinkedHashMap<>();
        for (ListEntry entry : store.list(prefix, ListOptions.DEFAULT)) {
            String tag = store.head(entry.key()).eTag().orElse("-").replace("\"", "");
            lines.put(entry.key(), entry.size() + "\t" + tag + "\t" + encode(entry.key().substring(prefix.length())));
        }
        lines.values().forEach(System.out::println);
    }

    private interface Work {
        void on(Row row) throws Exception;
    }

    private static void each(List<Row> rows, Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> all = rows.stream()
                    .<Future<?>>map(row -> threads.submit(() -> {
                        work.on(row);
                        return null;
                    }))
                    .toList();
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private CrossCheck() {}
}
