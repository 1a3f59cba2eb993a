package dev.anystore.engine;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices readers and writers that were dropped without being closed, and ends their transfers. It looks whenever another one is
 * opened and when the store is closed, so it needs no thread.
 */
final class Leaks {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.engine");

    private final ReferenceQueue<Object> dropped = new ReferenceQueue<>();
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

    /** Something that must be closed. */
    final class Watch extends PhantomReference<Object> {
        private final String what;
        private final AutoCloseable reader;
        /** Where it was opened; costs microseconds, so only where somebody looks for leaks. */
        private final @Nullable Throwable opened;

        private Watch(Object watched, String what, AutoCloseable reader) {
            super(watched, dropped);
            this.what = what;
            this.reader = reader;
            this.opened = LOG.isDebugEnabled() ? new Throwable("opened here") : null;
        }

        /** It was closed. */
        void closed() {
            watches.remove(this);
            clear();
        }
    }

    /**
     * Watches something.
     *
     * @param reader what is closed in its stead; must not lead back to it
     */
    Watch watch(Object watched, String what, AutoCloseable reader) {
        report();
        Watch watch = new Watch(watched, what, reader);
        watches.add(watch);
        return watch;
    }

    /** Reports and ends what was dropped since the last look. */
    void report() {
        for (Reference<?> reference = dropped.poll(); reference != null; reference = dropped.poll()) {
            if (reference instanceof Watch watch && watches.remove(watch)) {
                LOG.warn(
                        "{} was dropped without being closed{}",
                        watch.what,
                        watch.opened == null ? "; log dev.anystore.engine at DEBUG to see where it was opened" : "",
                        watch.opened);
                close(watch.reader);
            }
        }
    }

    private static void close(AutoCloseable reader) {
        try {
            reader.close();
        } catch (Exception e) {
            LOG.debug("what was dropped could not be closed", e);
        }
    }
}
