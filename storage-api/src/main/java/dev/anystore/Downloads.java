package dev.anystore;

import dev.anystore.engine.Engine;
import dev.anystore.engine.JournaledDownloads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The downloads into files that were interrupted, where a journal is kept ({@link StoreOptions#withJournal}): what they have
 * fetched lies in a temporary beside the target. The same download goes on with it. No requests.
 */
public final class Downloads {
    private final ObjectStore store;
    private final Engine engine;
    private final Clock clock;

    Downloads(ObjectStore store, Engine engine, Clock clock) {
        this.store = store;
        this.engine = engine;
        this.clock = clock;
    }

    /**
     * An interrupted download.
     *
     * @param key of the object
     * @param file the target, as an absolute path
     * @param size of the object in bytes
     * @param fetchedBytes that are there, as far as was noted
     * @param begun when it began, by this machine's clock
     */
    public record Resumable(String key, String file, long size, long fetchedBytes, Instant begun) {}

    /** The interrupted downloads of this store in the folder of journals; empty where none is kept. */
    public List<Resumable> resumable() {
        return new JournaledDownloads(engine, store.full(""))
                .list().stream()
                        .map(left -> new Resumable(
                                store.relativeKey(left.key()),
                                left.path(),
                                left.size(),
                                left.fetchedBytes(),
                                left.begun()))
                        .toList();
    }

    /**
     * Drops the interrupted downloads of this store that began before so long: their temporaries beside the targets, and their
     * journals. Targets are not touched, and neither are downloads that run now, here or in other processes of this machine.
     *
     * @return how many were dropped
     */
    public int sweep(Duration olderThan) {
        return new JournaledDownloads(engine, store.full(""))
                .sweep(clock.instant().minus(olderThan));
    }
}
