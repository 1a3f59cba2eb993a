package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.time.Instant;

/** The transfers of a store in one direction that were interrupted and have a journal; not those that run now, here or elsewhere. */
final class Journaled {
    private final Engine engine;
    private final String direction;
    private final String prefix;

    /** Those whose keys begin with this prefix. */
    Journaled(Engine engine, String direction, String prefix) {
        this.engine = engine;
        this.direction = direction;
        this.prefix = prefix;
    }

    /** What is done with each. */
    interface Visit {
        /** The journal is locked and closed afterwards. */
        void visit(Journal journal, JournalNotes notes);
    }

    /** Opens each, which also keeps others from going on with it meanwhile. */
    void each(Visit visit) {
        JournalFolder folder = engine.journals();
        JournalPlace place = engine.settings().journal();
        if (folder == null || place == null) {
            return;
        }
        for (String name : folder.names()) {
            try (Journal journal = folder.open(name, direction)) {
                JournalNotes notes = new JournalNotes(journal.lines());
                if (journal.lines().isEmpty()) {
                    // Killed before it had noted anything, or removed by its own transfer just now.
                    journal.remove();
                } else if (notes.isOf(direction)
                        && notes.isIn(place)
                        && notes.get("key", "").startsWith(prefix)) {
                    visit.visit(journal, notes);
                }
            } catch (StorageException e) {
                if (e.kind() != Kind.CONFLICT) {
                    throw e;
                }
            }
        }
    }

    /**
     * What one of them has.
     *
     * @param name of the journal
     * @param key of the object
     * @param path of the file
     * @param size of the object
     * @param movedBytes as far as was noted
     * @param begun when
     */
    record Left(String name, String key, String path, long size, long movedBytes, Instant begun) {
        static Left of(Journal journal, JournalNotes notes, String unit, int words) {
            long moved = 0;
            for (String[] each : notes.words(unit, words)) {
                moved += Math.max(0, JournalNotes.number(each[1], 10));
            }
            long size = notes.number("size");
            return new Left(
                    journal.name(),
                    notes.get("key", ""),
                    notes.get("path", ""),
                    size,
                    Math.min(moved, size),
                    notes.begun());
        }
    }
}
