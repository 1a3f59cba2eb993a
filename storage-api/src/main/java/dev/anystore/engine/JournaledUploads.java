package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Multipart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The uploads of a store that were interrupted and have a journal. Those that run now, here or elsewhere, are not among them. */
public final class JournaledUploads {
    private final Engine engine;
    private final String prefix;

    /**
     * An interrupted upload.
     *
     * @param name of the journal
     * @param key that it would have
     * @param path of the file
     * @param size of the file
     * @param sentBytes that the service had, as far as was noted
     * @param begun when
     */
    public record Left(String name, String key, String path, long size, long sentBytes, Instant begun) {}

    /** Those whose keys begin with this prefix. */
    public JournaledUploads(Engine engine, String prefix) {
        this.engine = engine;
        this.prefix = prefix;
    }

    private interface Visit {
        void visit(Journal journal, JournalNotes notes);
    }

    /** Opens each, which also keeps others from going on with it meanwhile. */
    private void each(Visit visit) {
        JournalFolder folder = engine.journals();
        JournalPlace place = engine.settings().journal();
        if (folder == null || place == null) {
            return;
        }
        for (String name : folder.names()) {
            try (Journal journal = folder.open(name, UploadJournal.DIRECTION)) {
                JournalNotes notes = new JournalNotes(journal.lines());
                if (journal.lines().isEmpty()) {
                    // Killed before it had noted anything, or removed by its own transfer just now.
                    journal.remove();
                } else if (notes.isOf(UploadJournal.DIRECTION)
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

    /** All of them, in no order. No requests. */
    public List<Left> list() {
        List<Left> all = new ArrayList<>();
        each((journal, notes) -> {
            long sent = 0;
            for (String[] words : notes.words("part", 4)) {
                sent += Math.max(0, JournalNotes.number(words[1], 10));
            }
            long size = notes.number("size");
            all.add(new Left(
                    journal.name(),
                    notes.get("key", ""),
                    notes.get("path", ""),
                    size,
                    Math.min(sent, size),
                    notes.begun()));
        });
        return all;
    }

    /** The one with this name, or null. */
    public @Nullable Left find(String name) {
        return list().stream()
                .filter(left -> left.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /**
     * Drops those that began before this time, with their journals.
     *
     * @param failures gets those that are still there, by their keys
     * @return how many were dropped
     */
    public int sweep(Instant before, Map<String, StorageException> failures) {
        int[] dropped = new int[1];
        Map<String, StorageException> left = new LinkedHashMap<>();
        each((journal, notes) -> {
            if (!notes.begun().isBefore(before)) {
                return;
            }
            String key = notes.get("key", "");
            try {
                StorageException stays = drop(key, notes);
                if (stays != null) {
                    throw stays;
                }
                journal.remove();
                dropped[0]++;
            } catch (StorageException e) {
                left.put(key, e);
            }
        });
        failures.putAll(left);
        return dropped[0];
    }

    private @Nullable StorageException drop(String key, JournalNotes notes) {
        Multipart power = Objects.requireNonNull(engine.multipart(), "who sweeps has looked for it");
        UploadAbort abort = new UploadAbort(engine, power);
        String id = notes.get("upload");
        if (id != null) {
            return abort.drop(new Multipart.Upload(key, id));
        }
        StorageException stays = null;
        try (Scope scope = engine.openTransfer()) {
            for (Multipart.Upload unseen : new UnseenUploads(engine, power).find(scope, key, notes.get("token", ""))) {
                StorageException left = abort.drop(unseen);
                stays = left == null ? stays : left;
            }
        }
        return stays;
    }
}
