package dev.anystore.cli;

import dev.anystore.ByteRange;
import dev.anystore.GetOptions;
import dev.anystore.ObjectReader;
import dev.anystore.StorageException;
import dev.anystore.StorageIOException;
import dev.anystore.StoreOptions;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the bytes of objects to standard output. */
@Command(
        name = "cat",
        header = "Write objects to standard output.",
        description = {
            "",
            "One after the other, byte for byte. A connection that breaks is taken up where it broke; the last bytes",
            "of a whole object come only after its digest was compared.",
            ""
        },
        footer = {
            "",
            "  anystore cat r2:logs/today.gz | zcat | grep ERROR",
            "  anystore cat --range 0-99 :big.bin       the first hundred bytes",
            "  anystore cat --range -100 :big.bin       the last hundred"
        },
        sortOptions = false)
final class Cat extends Verb {
    private static final int BUFFER_BYTES = 128 << 10;
    private static final Pattern RANGE = Pattern.compile("(\\d{0,18})-(\\d{0,18})");

    @Parameters(arity = "1..*", paramLabel = "ADDRESS", description = "The objects.")
    List<String> addresses = List.of();

    @Option(
            names = "--range",
            paramLabel = "FROM-TO",
            description = "Only these bytes, both counted from 0; 5- and -5 leave an end open.")
    @Nullable
    String range;

    Cat(Session session) {
        super("cat", session);
    }

    @Override
    public Integer call() {
        GetOptions options = GetOptions.DEFAULT.withRange(range == null ? null : range(range));
        List<Address.Remote> objects = addresses.stream()
                .map(text -> session().address(text).object(name()))
                .toList();
        for (Address.Remote object : objects) {
            try (ObjectReader reader =
                    session().open(object, StoreOptions.DEFAULT).get(object.key(), options)) {
                copy(reader, out());
            }
        }
        return Exit.DONE;
    }

    static void copy(ObjectReader reader, Output out) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
                out.bytes(buffer, n);
            }
        } catch (StorageIOException e) {
            throw e.storageException();
        } catch (IOException e) {
            throw StorageException.builder(StorageException.Kind.UNAVAILABLE)
                    .message("the body broke off: " + e)
                    .cause(e)
                    .build();
        }
    }

    static ByteRange range(String text) {
        Matcher matcher = RANGE.matcher(text);
        String from = matcher.matches() ? matcher.group(1) : "";
        String to = matcher.matches() ? matcher.group(2) : "";
        if (from.isEmpty() && to.isEmpty()) {
            throw notARange(text);
        }
        if (from.isEmpty()) {
            return ByteRange.last(positive(text, Long.parseLong(to)));
        }
        long first = Long.parseLong(from);
        return to.isEmpty()
                ? ByteRange.from(first)
                : ByteRange.of(first, positive(text, Long.parseLong(to) - first + 1));
    }

    private static long positive(String text, long length) {
        if (length <= 0) {
            throw notARange(text);
        }
        return length;
    }

    private static CommandFailure notARange(String text) {
        return CommandFailure.usage(
                "--range " + Printable.of(text) + " is no range of bytes",
                "write 0-99, 100-, or -100 for the last hundred");
    }
}
