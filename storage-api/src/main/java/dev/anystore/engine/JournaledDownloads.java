package dev.anystore.engine;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The downloads of a store that were interrupted and have a journal. */
public final class JournaledDownloads {
    private final Engine engine;
    private final Journaled journaled;

    /** Those whose keys begin with this prefix. */
    public JournaledDownloads(Engine engine, String prefix) {
        this.engine = engine;
        this.journaled = new Journaled(engine, DownloadJournal.DIRECTION, prefix);
    }

    /**
     * An interrupted download.
     *
     * @param key of the object
     * @param path of the target
     * @param size of the object
     * @param fetchedBytes that the temporary has, as far as was noted
     * @param begun when
     */
    public record Left(String key, String path, long size, long fetchedBytes, Instant begun) {}

    /** All of them, in no order. */
    public List<Left> list() {
        List<Left> all = new ArrayList<>();
        journaled.each((journal, notes) -> {
            Journaled.Left left = Journaled.Left.of(journal, notes, "range", 3);
            all.add(new Left(left.key(), left.path(), left.size(), left.movedBytes(), left.begun()));
        });
        return all;
    }

    /** Drops those that began before this time, with what they had fetched; returns how many. */
    public int sweep(Instant before) {
        int[] dropped = new int[1];
        journaled.each((journal, notes) -> {
            String name = notes.get("temp");
            if (notes.begun().isBefore(before)) {
                DownloadFile there = DownloadFile.isTemporary(name)
                        ? DownloadFile.left(Path.of(notes.get("path", "")), String.valueOf(name), engine.chunks())
                        : null;
                if (there != null) {
                    there.close();
                }
                journal.remove();
                dropped[0]++;
            }
        });
        return dropped[0];
    }
}
