package dev.anystore.engine;

import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.spi.Multipart;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the upload of a file notes, and what an earlier run of the same upload has noted. */
final class UploadJournal implements AutoCloseable {
    static final String DIRECTION = "upload";

    private final Journal journal;
    private final JournalPlace place;
    private final Upload.Order order;
    private final FileState source;
    private JournalNotes notes;

    /**
     * A part that an earlier run has sent.
     *
     * @param crc32c of its bytes, or null if nobody computed it
     * @param tag that the service gave it
     * @param confirmed the digest that the service compared, or null
     */
    record Noted(
            int number,
            long bytes,
            @Nullable Checksum crc32c,
            String tag,
            @Nullable Checksum confirmed) {}

    private UploadJournal(Journal journal, JournalPlace place, Upload.Order order, FileState source) {
        this.journal = journal;
        this.place = place;
        this.order = order;
        this.source = source;
        this.notes = new JournalNotes(journal.lines());
    }

    /** The journal of this upload, locked; null where none is kept. */
    static @Nullable UploadJournal open(Engine engine, Scope scope, Upload.Order order, FileState source) {
        JournalFolder folder = engine.journals();
        JournalPlace place = engine.settings().journal();
        if (folder == null || place == null) {
            return null;
        }
        String asked = order.resume();
        String name = asked != null ? asked : place.name(DIRECTION, order.key(), source.file());
        Journal journal = folder.open(name, DIRECTION);
        scope.resumeToken(name);
        return new UploadJournal(journal, place, order, source);
    }

    /** Whether an earlier run got so far that something may be stored. */
    boolean isBegun() {
        return notes.isOf(DIRECTION) && notes.get("token") != null;
    }

    /** Whether going on would make what is asked for now: the same file, stored in the same way. */
    boolean matches() {
        return notes.number("size") == source.size()
                && notes.get("mtimens", "").equals(Long.toString(source.modifiedNanos()))
                && notes.get("inode", "").equals(source.inode())
                && notes.get("options", "").equals(options())
                && notes.number("partbytes") > 0;
    }

    private String options() {
        return JournalFolder.name(
                order.attributes().toString(), order.condition().toString(), String.valueOf(order.expected()));
    }

    String token() {
        return notes.get("token", "");
    }

    long partBytes() {
        return notes.number("partbytes");
    }

    /** The upload that an earlier run began, or null if it never learned its id. */
    Multipart.@Nullable Upload upload() {
        String id = notes.get("upload");
        return id == null ? null : new Multipart.Upload(order.key(), id);
    }

    /** The parts that an earlier run has sent, by number. */
    Map<Integer, Noted> parts() {
        Map<Integer, Noted> parts = new TreeMap<>();
        for (String[] words : notes.words("part", 4)) {
            long number = JournalNotes.number(words[0], 10);
            long bytes = JournalNotes.number(words[1], 10);
            if (number >= 1 && number <= Integer.MAX_VALUE && bytes >= 1) {
                Checksum crc32c = checksum(Algorithm.CRC32C.name(), words[2]);
                Checksum confirmed = words.length > 5 ? checksum(words[4], words[5]) : null;
                String tag = JournalLine.decode(words[3]);
                parts.put((int) number, new Noted((int) number, bytes, crc32c, tag, confirmed));
            }
        }
        return parts;
    }

    private static @Nullable Checksum checksum(String algorithm, String hex) {
        try {
            return hex.equals("-") ? null : new Checksum(Algorithm.valueOf(algorithm), hex);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Forgets an earlier run; the intent is on the disk when this returns. */
    void begin(String token, long partBytes) {
        List<JournalLine> lines = JournalNotes.intent(place, DIRECTION, order.key(), source.file());
        lines.add(new JournalLine("size", Long.toString(source.size())));
        lines.add(new JournalLine("mtimens", Long.toString(source.modifiedNanos())));
        lines.add(new JournalLine("inode", source.inode()));
        lines.add(new JournalLine("options", options()));
        lines.add(new JournalLine("partbytes", Long.toString(partBytes)));
        lines.add(new JournalLine("token", token));
        journal.begin(lines);
        notes = new JournalNotes(lines);
    }

    /** Goes on with an earlier run. */
    void resume() {
        journal.note(JournalNotes.pid());
    }

    /** The service has begun the upload. */
    void begun(String uploadId) {
        journal.require(new JournalLine("upload", uploadId));
    }

    /** The service has a part. */
    void sent(Multipart.Part part, long bytes, @Nullable Checksum crc32c) {
        Checksum confirmed = part.checksum();
        String value = part.number() + " " + bytes + " " + (crc32c == null ? "-" : crc32c.hex()) + " "
                + JournalLine.encode(part.tag(), " ")
                + (confirmed == null ? "" : " " + confirmed.algorithm() + " " + confirmed.hex());
        journal.note(new JournalLine("part", value));
    }

    /** The upload is published, or gone. */
    void remove() {
        journal.remove();
    }

    @Override
    public void close() {
        journal.close();
    }
}
