package dev.anystore.cli;

import dev.anystore.DeletePrefixOptions;
import dev.anystore.GetOptions;
import dev.anystore.Link;
import dev.anystore.ListEntry;
import dev.anystore.ObjectReader;
import dev.anystore.ObjectStore;
import dev.anystore.Progress;
import dev.anystore.ProgressListener;
import dev.anystore.PutOptions;
import dev.anystore.StorageConfig;
import dev.anystore.StorageException;
import dev.anystore.StorageRegistry;
import dev.anystore.StoreOptions;
import dev.anystore.TreeOptions;
import dev.anystore.spi.SettingValues;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The main job from end to end, on real data, through the same API that an application calls. */
@Command(
        name = "demo",
        header = "Show the main job from end to end, without an account.",
        description = {
            "",
            "Makes files, stores them, lists them, reads all of them back and compares every SHA-256, copies, links",
            "and deletes. Works in a temporary folder and looks at no setting, unless --on names a store; there it",
            "works below a new prefix of its own. Leaves nothing behind. Ends with 0 only if every digest agreed.",
            ""
        },
        footer = {"", "  anystore demo", "  anystore demo --on r2:       on your own bucket"},
        sortOptions = false)
final class Demo extends Verb {
    private static final int LINK_TIMEOUT_MILLIS = 30_000;

    @Option(names = "--on", paramLabel = "ADDRESS", description = "On this store instead, below this address.")
    @Nullable
    String on;

    @Option(names = "--files", paramLabel = "N", description = "So many small files: 3000 if not given.")
    int files = 3000;

    @Option(names = "--large", paramLabel = "SIZE", description = "The size of the large one: 256MiB if not given.")
    String large = "256MiB";

    @Option(names = "--seed", paramLabel = "N", description = "What the data is made from; a new one if not given.")
    @Nullable
    Long seed;

    private final DemoTable table = new DemoTable(this);

    Demo(Session session) {
        super("demo", session);
    }

    @Override
    public Integer call() {
        if (files < 1 || files > 9_999) {
            throw CommandFailure.usage("--files is " + files, "from 1 to 9999");
        }
        long largeBytes = largeBytes();
        long chosen = seed != null ? seed : new SplittableRandom().nextLong() >>> 33;
        try {
            Path folder = temporaryFolder(largeBytes);
            StorageConfig config = config(folder);
            String prefix = prefix(chosen);
            title(config, prefix, chosen);
            DemoData data = new DemoData(folder.resolve("data"), chosen);
            make(data, largeBytes);
            try (ObjectStore whole = config.open(StoreOptions.DEFAULT)) {
                run(config, whole, prefix, data, folder);
            }
        } catch (IOException e) {
            throw CommandFailure.local(
                    "the temporary folder can't be used: " + e.getMessage(),
                    "name another one with java -Djava.io.tmpdir=FOLDER -jar …");
        }
        last(largeBytes);
        return Exit.DONE;
    }

    private long largeBytes() {
        try {
            long bytes = SettingValues.bytes(large);
            if (bytes > 0) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--large " + e.getMessage(), null);
        }
        throw CommandFailure.usage("--large is 0", "from 1 byte on");
    }

    private Path temporaryFolder(long largeBytes) throws IOException {
        Path folder = Files.createTempDirectory("anystore-demo-");
        session().cleanUp(() -> {
            try {
                DemoData.remove(folder);
            } catch (IOException e) {
                screen().line("anystore: " + folder + " could not be removed: " + e.getMessage());
            }
        });
        // The source, the object, and one more while it is read back or copied; the small ones are little beside it.
        long needed = 3 * largeBytes + files * (64L << 10);
        long usable = Files.getFileStore(folder).getUsableSpace();
        if (usable < needed) {
            throw CommandFailure.local(
                    "%s has %s free, and the demo takes %s"
                            .formatted(folder.getParent(), Units.bytes(usable), Units.bytes(needed)),
                    "say --large 16MiB, or name another folder with java -Djava.io.tmpdir=FOLDER -jar …");
        }
        return folder;
    }

    /** Of the temporary folder alone: whatever the environment says, no other place is touched. */
    private StorageConfig config(Path folder) {
        if (on != null) {
            return session().config(session().address(on).remote(name()));
        }
        return StorageRegistry.of(Map.of())
                .fromMap(Map.of(
                        "provider_type",
                        "local",
                        "base_path",
                        folder.resolve("store").toString()));
    }

    /** On a store of somebody's a name that nobody else has. */
    private String prefix(long chosen) {
        if (on == null) {
            return "demo/";
        }
        String unique = HexFormat.of().toHexDigits((int) (new SplittableRandom().nextLong() ^ chosen));
        return session().address(on).remote(name()).folder() + "anystore-demo-" + unique + "/";
    }

    private void title(StorageConfig config, String prefix, long chosen) {
        if (!json) {
            String where = on == null
                    ? "the embedded local store, in a temporary folder"
                    : config.displayName() + ", " + config.bucket() + ", below " + prefix;
            out().line("anystore demo on " + out().shown(where) + " (seed " + chosen + ")");
            out().line("");
        }
        table.head();
    }

    private interface Work {
        void run(ProgressLine progress) throws IOException;
    }

    private Duration step(String step, Work work) throws IOException {
        out().flush();
        long began = System.nanoTime();
        try (ProgressLine progress = ProgressLine.begin(screen(), step, "files", quiet || json)) {
            work.run(progress);
        }
        Interruption.check();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private void make(DemoData data, long largeBytes) throws IOException {
        Duration took = step("make the data", line -> {
            data.makeSmall(files, bytes -> line.progressed(new Progress(bytes, -1, 0, -1, 0)));
            data.makeLarge(largeBytes, bytes -> line.progressed(new Progress(bytes, largeBytes, 0, -1, 0)));
        });
        table.row("make the data", files + 1L, data.smallBytes() + largeBytes, took, "");
    }

    private void run(StorageConfig config, ObjectStore whole, String prefix, DemoData data, Path folder)
            throws IOException {
        AtomicBoolean clean = new AtomicBoolean(on == null);
        session().cleanUp(() -> {
            if (!clean.get()) {
                emptied(config, prefix);
            }
        });
        ObjectStore store = whole.withPrefix(prefix);
        TreeOptions small = TreeOptions.DEFAULT;
        long smallBytes = data.smallBytes();
        long largeBytes = Files.size(data.large());

        Duration took = step(
                "store many", line -> store.uploadAll(data.small(), "small/", small.withProgress(total(line, data))));
        table.row("store many", files, smallBytes, took, "");

        took = step(
                "store the large one",
                line -> store.upload(data.large(), "large.bin", PutOptions.DEFAULT.withProgress(line)));
        Files.delete(data.large());
        table.row("store the large one", 1, largeBytes, took, "");

        took = step("list", line -> list(store, smallBytes + largeBytes));
        table.row("list", files + 1L, 0, took, "all there");

        Path copies = folder.resolve("copies");
        took = step("read many back", line -> {
            store.downloadAll("small/", copies, small.withProgress(total(line, data)));
            data.compareSmall(copies);
        });
        table.row("read many back", files, smallBytes, took, Units.count(files) + " agree");

        Path copy = folder.resolve("large-copy.bin");
        took = step("read the large one back", line -> {
            store.download("large.bin", copy, GetOptions.DEFAULT.withProgress(line));
            try (InputStream in = Files.newInputStream(copy)) {
                data.compareLarge("large.bin", in);
            }
        });
        Files.delete(copy);
        table.row("read the large one back", 1, largeBytes, took, "agrees");

        took = step("copy it, stream the copy", line -> {
            store.copy("large.bin", "copy.bin");
            try (ObjectReader reader = store.get("copy.bin")) {
                data.compareLarge("copy.bin", reader);
            }
        });
        table.row("copy it, stream the copy", 1, largeBytes, took, "agrees");

        took = step("link, and follow the link", line -> follow(store, data));
        table.row("link, and follow the link", 1, 0, took, "agrees");

        took = step("delete all", line -> emptied(store));
        clean.set(true);
        table.row("delete all", files + 2L, 0, took, "none left");
    }

    /** The tree does not know its total before its end, but we do. */
    private ProgressListener total(ProgressLine line, DemoData data) {
        return progress -> line.progressed(
                new Progress(progress.bytes(), data.smallBytes(), progress.parts(), files, progress.retries()));
    }

    private void list(ObjectStore store, long bytes) {
        long count = 0;
        long sum = 0;
        for (ListEntry entry : store.list("")) {
            count++;
            sum += entry.size();
        }
        if (count != files + 1L || sum != bytes) {
            throw CommandFailure.wrongBytes("the listing has %s with %s bytes, and stored were %s with %s bytes"
                    .formatted(
                            Units.count(count, "object", "objects"),
                            Units.count(sum),
                            Units.count(files + 1L, "object", "objects"),
                            Units.count(bytes)));
        }
    }

    /** As somebody would who has nothing but the URL. */
    private void follow(ObjectStore store, DemoData data) throws IOException {
        Link link = store.link("small/" + data.anySmall(), Duration.ofMinutes(5));
        URLConnection connection = link.uri().toURL().openConnection();
        connection.setConnectTimeout(LINK_TIMEOUT_MILLIS);
        connection.setReadTimeout(LINK_TIMEOUT_MILLIS);
        try (InputStream in = connection.getInputStream()) {
            data.compareSmall(data.anySmall(), in.readNBytes(1 << 20));
        }
    }

    private void emptied(ObjectStore store) {
        store.deletePrefix("", deletion());
        if (store.list("").iterator().hasNext()) {
            throw CommandFailure.wrongBytes("objects are left that were deleted");
        }
    }

    /** Not more than the demo has stored, whatever else may be there. */
    private DeletePrefixOptions deletion() {
        return DeletePrefixOptions.DEFAULT.withMaximum(files + 2L).withAllowEmptyPrefix(true);
    }

    /** After a failure or Ctrl-C: with a store of its own, because the other one is closed. */
    private void emptied(StorageConfig config, String prefix) {
        try (ObjectStore store = config.open(StoreOptions.DEFAULT.withDeadline(Duration.ofSeconds(4)))) {
            store.withPrefix(prefix).deletePrefix("", deletion());
        } catch (StorageException e) {
            screen().line("anystore: objects below " + Printable.of(prefix) + " may be left: "
                    + Printable.of(e.getMessage()));
        }
    }

    private void last(long largeBytes) {
        if (json) {
            out().line(JsonLine.of(name(), true)
                    .put("step", "total")
                    .put("objects", files + 1L)
                    .put("result", "every digest agrees")
                    .end());
            return;
        }
        out().line("");
        out().line("Every digest agrees: %s small files and one of %s, read back whole."
                .formatted(Units.count(files), Units.bytes(largeBytes)));
        if (on == null) {
            next();
        }
    }

    private void next() {
        out().line("");
        out().line("Next, your own store. For Amazon S3, or any server that speaks S3, set");
        out().line("");
        out().line("  export STORAGE_PROVIDER=s3 S3_BUCKET=my-bucket AWS_REGION=eu-central-1");
        out().line("  export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…");
        out().line("  export AWS_ENDPOINT_URL_S3=http://127.0.0.1:9000     # only for MinIO, Ceph, …");
        out().line("");
        out().line("or for Cloudflare R2");
        out().line("");
        out().line("  export STORAGE_PROVIDER=r2 R2_BUCKET_NAME=my-bucket R2_ACCOUNT_ID=…");
        out().line("  export R2_ACCESS_KEY_ID=… R2_SECRET_ACCESS_KEY=…");
        out().line("");
        out().line("and then");
        out().line("");
        out().line("  anystore providers                   what is set, and what is missing");
        out().line("  anystore cp -r ./folder :backup/     many files");
        out().line("  anystore ls :backup/");
        out().line("  anystore demo --on :                 all of the above there");
    }
}
