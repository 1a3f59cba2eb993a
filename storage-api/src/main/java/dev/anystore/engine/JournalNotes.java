package dev.anystore.engine;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the lines of a journal say. Of a name that came twice the later value counts; names that are not known are passed over. */
final class JournalNotes {
    /** Version of the format, see docs/format-journal.md. */
    static final String VERSION = "1";

    private final Map<String, String> last = new HashMap<>();
    private final List<JournalLine> lines;

    JournalNotes(List<JournalLine> lines) {
        this.lines = lines;
        lines.forEach(line -> last.put(line.name(), line.value()));
    }

    /** The lines that every journal begins with. */
    static List<JournalLine> intent(JournalPlace place, String direction, String key, java.nio.file.Path file) {
        List<JournalLine> lines = new ArrayList<>();
        lines.add(new JournalLine("v", VERSION));
        lines.add(pid());
        lines.add(new JournalLine("direction", direction));
        lines.add(new JournalLine("provider", place.provider()));
        lines.add(new JournalLine("endpoint", place.host()));
        lines.add(new JournalLine("bucket", place.bucket()));
        lines.add(new JournalLine("key", key));
        lines.add(new JournalLine("path", JournalPlace.absolute(file)));
        lines.add(new JournalLine(
                "begun", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString()));
        return lines;
    }

    static JournalLine pid() {
        return new JournalLine("pid", Long.toString(ProcessHandle.current().pid()));
    }

    /** Whether this is a journal of such a transfer, in the format that is known here. */
    boolean isOf(String direction) {
        return VERSION.equals(get("v")) && direction.equals(get("direction"));
    }

    /** Whether the transfer is one of this store. */
    boolean isIn(JournalPlace place) {
        return place.provider().equals(get("provider"))
                && place.host().equals(get("endpoint"))
                && place.bucket().equals(get("bucket"));
    }

    @Nullable
    String get(String name) {
        return last.get(name);
    }

    String get(String name, String otherwise) {
        return last.getOrDefault(name, otherwise);
    }

    /** The number of this name, or -1. */
    long number(String name) {
        return number(last.get(name), 10);
    }

    static long number(@Nullable String text, int radix) {
        try {
            return text == null ? -1 : Math.max(-1, Long.parseLong(text, radix));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** When the transfer began. */
    Instant begun() {
        try {
            return Instant.parse(get("begun", ""));
        } catch (java.time.format.DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /** The words of each line of this name that has at least so many. */
    List<String[]> words(String name, int atLeast) {
        return lines.stream()
                .filter(line -> line.name().equals(name))
                .map(line -> line.value().split(" ", -1))
                .filter(words -> words.length >= atLeast)
                .toList();
    }
}
