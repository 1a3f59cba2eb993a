package dev.anystore.testkit;

import dev.anystore.StorageException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What {@link FaultyBackend} does to one call. */
public sealed interface Fault {
    /** Fails without having asked the store, in a way that the engine may try again. */
    Fault UNAVAILABLE = fail(StorageException.Kind.UNAVAILABLE);

    /** Lets the store do it, then fails as if the connection had been cut before the answer came. */
    Fault LOSE_ANSWER = new LoseAnswer();

    /** Fails with an exception of this kind without having asked the store. */
    static Fault fail(StorageException.Kind kind) {
        return new Fail(
                StorageException.builder(kind).message("a fault of the test").build());
    }

    /** Fails with this exception without having asked the store. */
    static Fault fail(StorageException exception) {
        return new Fail(exception);
    }

    /** Asks the store only after this time, or not at all if the call ends before. */
    static Fault delay(Duration time) {
        return new Delay(time);
    }

    /** Asks the store only when the test opens the gate, or not at all if the call ends before. */
    static Fault hold(CountDownLatch gate) {
        return new Hold(gate);
    }

    /**
     * Asks the store, and keeps its answer until the test opens the gate; if the call ends before, the answer is lost. For
     * calls without a body.
     */
    static Fault holdAnswer(CountDownLatch gate) {
        return new HoldAnswer(gate);
    }

    /** Cuts the body of a get after so many bytes, with an exception that a reader may answer by reading on elsewhere. */
    static Fault cutBody(long afterBytes) {
        return new CutBody(afterBytes);
    }

    /** Flips the lowest bit of this byte on its way: of the payload of a put or a part, of the body of a get. */
    static Fault flipBit(long offset) {
        return new FlipBit(offset);
    }

    /** See {@link #fail(StorageException)}. */
    record Fail(StorageException exception) implements Fault {}

    /** See {@link #LOSE_ANSWER}. */
    record LoseAnswer() implements Fault {}

    /** See {@link #delay}. */
    record Delay(Duration time) implements Fault {}

    /** See {@link #hold}. */
    record Hold(CountDownLatch gate) implements Fault {}

    /** See {@link #holdAnswer}. */
    record HoldAnswer(CountDownLatch gate) implements Fault {}

    /** See {@link #cutBody}. */
    record CutBody(long afterBytes) implements Fault {}

    /** See {@link #flipBit}. */
    record FlipBit(long offset) implements Fault {}
}
