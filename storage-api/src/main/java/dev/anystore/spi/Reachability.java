package dev.anystore.spi;

import dev.anystore.StorageException;
import java.util.List;

/** The power to go the way to the service step by step, for whoever looks for what is wrong on it. */
public interface Reachability {
    /** The steps, the nearest first; each is worth taking when those before it went well. No I/O. */
    List<Step> steps();

    /** One step, such as the look-up of a name. */
    interface Step {
        /** What it is called: one word, or two. */
        String name();

        /**
         * Takes it, with at most one request that changes nothing.
         *
         * @return what was found, in a few words without a secret
         * @throws StorageException that says what is wrong here
         */
        String take(Call call);
    }
}
