package dev.anystore.benchmarks;

/**
 * How the loopback server behaves, so that it can stand for a service that is far away.
 *
 * @param latencyMillis before each answer
 * @param bytesPerSecond of one connection each way; 0: as fast as it goes
 * @param slowEvery each so manieth request is slow; 0: none
 * @param slowFactor how many times the latency and the time of the bytes such a request takes
 * @param refuseEvery each so manieth part or range is answered 503 SlowDown; 0: none
 */
record Behaviour(int latencyMillis, long bytesPerSecond, int slowEvery, int slowFactor, int refuseEvery) {
    /** As fast as it goes. */
    static final Behaviour DIRECT = new Behaviour(0, 0, 0, 1, 0);

    /** This one, with so many milliseconds before each answer and so many bytes a second on each connection. */
    Behaviour withLink(int millis, long bytes) {
        return new Behaviour(millis, bytes, slowEvery, slowFactor, refuseEvery);
    }

    /** This one, with one slow request in so many. */
    Behaviour withStragglers(int every, int factor) {
        return new Behaviour(latencyMillis, bytesPerSecond, every, factor, refuseEvery);
    }

    /** This one, with one refusal in so many. */
    Behaviour withRefusals(int every) {
        return new Behaviour(latencyMillis, bytesPerSecond, slowEvery, slowFactor, every);
    }

    /** Nanoseconds before the answer to the request of this number, counted from 1. */
    long latencyNanos(long request) {
        return latencyMillis * 1_000_000L * factor(request);
    }

    /** Nanoseconds that so many bytes take on a connection. */
    long transferNanos(long request, long bytes) {
        return bytesPerSecond == 0 ? 0 : (long) (bytes * 1e9 / bytesPerSecond * factor(request));
    }

    private int factor(long request) {
        return slowEvery > 0 && request % slowEvery == 0 ? slowFactor : 1;
    }

    /** Whether the request of this number is refused. */
    boolean refuses(long request) {
        return refuseEvery > 0 && request % refuseEvery == 0;
    }
}
