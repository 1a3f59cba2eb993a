package dev.anystore.engine;

import dev.anystore.StorageException;
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
    private final Journaled journaled;

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
        this.journaled = new Journaled(engine, UploadJournal.DIRECTION, prefix);
    }

    /** All of them, in no order. No requests. */
    public List<Left> list() {
        List<Left> all = new ArrayList<>();
        journaled.each((journal, notes) -> {
            Journaled.Left left = Journaled.Left.of(journal, notes, "part", 4);
            all.add(new Left(left.name(), left.key(), left.path(), left.size(), left.movedBytes(), left.begun()));
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
        journaled.each((journal, notes) -> {
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
