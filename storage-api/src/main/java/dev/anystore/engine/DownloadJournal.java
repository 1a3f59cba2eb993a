package dev.anystore.engine;

import dev.anystore.ObjectInfo;
import dev.anystore.spi.GetRequest;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a download notes, and what an earlier run of the same download has noted. */
final class DownloadJournal implements AutoCloseable {
    static final String DIRECTION = "download";

    private final Journal journal;
    private final JournalPlace place;
    private final GetRequest request;
    private final Path target;
    private final JournalNotes notes;

    private DownloadJournal(Journal journal, JournalPlace place, GetRequest request, Path target) {
        this.journal = journal;
        this.place = place;
        this.request = request;
        this.target = target;
        this.notes = new JournalNotes(journal.lines());
    }

    /** The journal of this download, locked; null where none is kept. */
    static @Nullable DownloadJournal open(Engine engine, Scope scope, GetRequest request, Path target) {
        return open(engine, scope, request, target, false);
    }

    /** The journal that an earlier run has left, locked; null if it left none. */
    static @Nullable DownloadJournal left(Engine engine, Scope scope, GetRequest request, Path target) {
        return open(engine, scope, request, target, true);
    }

    private static @Nullable DownloadJournal open(
            Engine engine, Scope scope, GetRequest request, Path target, boolean onlyIfThere) {
        JournalFolder folder = engine.journals();
        JournalPlace place = engine.settings().journal();
        if (folder == null || place == null) {
            return null;
        }
        String name = place.name(DIRECTION, request.key(), target);
        if (onlyIfThere && !folder.has(name)) {
            return null;
        }
        Journal journal = folder.open(name, DIRECTION);
        scope.resumeToken(name);
        return new DownloadJournal(journal, place, request, target);
    }

    /** Whether what an earlier run has fetched is of this object, as it is now. */
    boolean matches(ObjectInfo info) {
        return notes.isOf(DIRECTION)
                && notes.number("size") == info.size()
                && notes.number("partbytes") > 0
                && !info.revision().isEmpty()
                && info.revision().equals(notes.get("version"));
    }

    long partBytes() {
        return notes.number("partbytes");
    }

    /** The name of the temporary that holds what was fetched, or null. */
    @Nullable
    String temporary() {
        String name = notes.get("temp");
        return DownloadFile.isTemporary(name) ? name : null;
    }

    /** The CRC32Cs of the ranges that an earlier run has fetched, by their offset. */
    Map<Long, Range> ranges() {
        Map<Long, Range> ranges = new TreeMap<>();
        for (String[] words : notes.words("range", 3)) {
            long from = JournalNotes.number(words[0], 10);
            long bytes = JournalNotes.number(words[1], 10);
            long crc32c = JournalNotes.number(words[2], 16);
            if (from >= 0 && bytes >= 1 && crc32c >= 0) {
                ranges.put(from, new Range(bytes, (int) crc32c));
            }
        }
        return ranges;
    }

    /** Bytes that were fetched. */
    record Range(long bytes, int crc32c) {}

    /** Forgets an earlier run; the intent is on the disk when this returns. */
    void begin(ObjectInfo info, long partBytes, String temporary) {
        List<JournalLine> lines = JournalNotes.intent(place, DIRECTION, request.key(), target);
        lines.add(new JournalLine("size", Long.toString(info.size())));
        lines.add(new JournalLine("version", info.revision()));
        lines.add(new JournalLine("partbytes", Long.toString(partBytes)));
        lines.add(new JournalLine("temp", temporary));
        journal.begin(lines);
    }

    /** Goes on with an earlier run. */
    void resume() {
        journal.note(JournalNotes.pid());
    }

    /** These bytes are in the temporary. */
    void fetched(long from, long bytes, int crc32c) {
        String value = from + " " + bytes + " " + HexFormat.of().toHexDigits(crc32c);
        journal.note(new JournalLine("range", value));
    }

    /** The download is done, or what it has is of no use. */
    void remove() {
        journal.remove();
    }

    @Override
    public void close() {
        journal.close();
    }
}
