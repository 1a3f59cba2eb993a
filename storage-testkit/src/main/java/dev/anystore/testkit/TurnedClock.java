package dev.anystore.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands until a test turns it. Thread-safe. */
public final class TurnedClock extends Clock {
    private volatile Instant now;

    /** One that stands at this time. */
    public TurnedClock(Instant start) {
        this.now = start;
    }

    /** Turns it by so much. One thread turns, any number read. */
    public void turn(Duration by) {
        now = now.plus(by);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        InstantSource source = () -> now;
        return source.withZone(zone);
    }
}
