package dev.anystore.cli;

import dev.anystore.Keys;
import dev.anystore.ListEntry;
import dev.anystore.ListOptions;
import dev.anystore.ListPage;
import dev.anystore.ObjectStore;
import dev.anystore.StoreOptions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists objects, page by page: what is shown first does not wait for what comes last. */
@Command(
        name = "ls",
        header = "List objects.",
        description = {
            "",
            "Lists the keys that begin with the address, in the order of their UTF-8 bytes, those of a folder as",
            "one line that ends in a slash. Sizes are in binary units, times in UTC.",
            ""
        },
        footer = {
            "",
            "  anystore ls                        the default provider",
            "  anystore ls r2:models/             one folder of it",
            "  anystore ls -r s3://bucket/logs/   everything below",
            "  anystore ls -r1 :logs/ | sort      keys alone"
        },
        sortOptions = false)
final class Ls extends Verb {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    @Parameters(
            arity = "0..1",
            paramLabel = "ADDRESS",
            description = "What the keys begin with; all of the default provider if not given.")
    String address = ":";

    @Option(
            names = {"-r", "--recursive"},
            description = "What is in folders, too.")
    boolean recursive;

    @Option(
            names = {"-1", "--keys"},
            description = "Keys alone.")
    boolean keys;

    @Option(names = "-0", description = "Keys alone, each ended by NUL instead of a line end.")
    boolean nul;

    @Option(names = "--bytes", description = "Sizes as plain numbers.")
    boolean bytes;

    @Option(names = "--require-match", description = "Exit with 9 if there is none.")
    boolean requireMatch;

    private long shown;

    Ls(Session session) {
        super("ls", session);
    }

    @Override
    public Integer call() {
        Address.Remote where = session().address(address).remote(name());
        ObjectStore store = session().open(where, StoreOptions.DEFAULT);
        if (recursive) {
            for (ListEntry entry : store.list(where.key())) {
                show(entry);
            }
        } else {
            folded(store, where.key());
        }
        if (shown == 0) {
            String none = where.key().isEmpty()
                    ? where.text() + " holds no object"
                    : "no key in " + where.withKey("").text() + " begins with " + where.key();
            if (requireMatch) {
                throw CommandFailure.noMatch(none);
            }
            tell(Printable.of(none));
        }
        return Exit.DONE;
    }

    private void folded(ObjectStore store, String prefix) {
        ListOptions options = ListOptions.DEFAULT.withDelimiter("/");
        String token = null;
        do {
            ListPage page = store.listPage(prefix, options.withPageToken(token));
            merge(page.objects(), page.prefixes());
            token = page.nextPageToken().orElse(null);
        } while (token != null);
    }

    /** Objects and folders come as two lists, each in order. */
    private void merge(List<ListEntry> objects, List<String> prefixes) {
        Iterator<String> folders = prefixes.iterator();
        String folder = next(folders);
        for (ListEntry entry : objects) {
            while (folder != null && Keys.UTF8_ORDER.compare(folder, entry.key()) < 0) {
                show(folder);
                folder = next(folders);
            }
            show(entry);
        }
        while (folder != null) {
            show(folder);
            folder = next(folders);
        }
    }

    private static @Nullable String next(Iterator<String> folders) {
        return folders.hasNext() ? folders.next() : null;
    }

    private void show(ListEntry entry) {
        shown++;
        if (json) {
            out().line(json(entry.key())
                    .put("size", entry.size())
                    .put("modified", entry.lastModified())
                    .put("revision", entry.revision().isEmpty() ? null : entry.revision())
                    .put("class", entry.storageClass().orElse(null))
                    .end());
        } else if (nul) {
            out().nul(entry.key());
        } else if (keys) {
            out().line(out().shown(entry.key()));
        } else {
            row(time(entry.lastModified()), size(entry.size()), entry.key());
        }
    }

    private void show(String folder) {
        shown++;
        if (json) {
            out().line(JsonLine.of(name(), true).put("prefix", folder).end());
        } else if (nul) {
            out().nul(folder);
        } else if (keys) {
            out().line(out().shown(folder));
        } else {
            row("", "", folder);
        }
    }

    private void row(String time, String size, String key) {
        out().line("%20s  %12s  %s".formatted(time, size, out().shown(key)));
    }

    private String size(long count) {
        return bytes ? Long.toString(count) : Units.bytes(count);
    }

    static String time(Instant instant) {
        return TIME.format(instant);
    }
}
