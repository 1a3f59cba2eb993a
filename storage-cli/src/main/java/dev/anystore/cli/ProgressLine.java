package dev.anystore.cli;

import dev.anystore.Progress;
import dev.anystore.ProgressListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows on a terminal how far a transfer is: share, bytes, rate, parts, time left. Nothing appears in the first moments, so
 * that what is quick stays quiet, and nothing at all in a pipe. Closing takes the line away.
 */
final class ProgressLine implements AutoCloseable, ProgressListener {
    private static final long QUIET_MILLIS = 300;
    private static final long REDRAW_MILLIS = 100;
    /** The rate is that of the last seconds: long enough to be steady, short enough to show a stall. */
    private static final Duration WINDOW = Duration.ofSeconds(4);

    private static final int ASK_WIDTH_EVERY = 20;
    private static final int BAR = 20;

    private record Sample(long nanos, long bytes) {}

    private final Screen screen;
    private final String name;
    private final String unit;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final @Nullable Thread thread;
    private volatile @Nullable Progress latest;
    private int columns;
    private int draws;

    private ProgressLine(Screen screen, String name, String unit, boolean shown) {
        this.screen = screen;
        this.name = Printable.of(name);
        this.unit = unit;
        if (!shown) {
            thread = null;
            return;
        }
        thread = new Thread(this::redraw, "anystore-progress");
        thread.setDaemon(true);
    }

    /** Begins to show the transfer of {@code name}; what it counts besides bytes are {@code unit}s. */
    static ProgressLine begin(Screen screen, String name, String unit, boolean quiet) {
        ProgressLine line =
                new ProgressLine(screen, name, unit, !quiet && screen.tty().err());
        if (line.thread != null) {
            line.thread.start();
        }
        return line;
    }

    @Override
    public void progressed(Progress progress) {
        latest = progress;
    }

    /** The last that was heard of the transfer, or nothing. */
    @Nullable
    Progress latest() {
        return latest;
    }

    private void redraw() {
        try {
            long pause = QUIET_MILLIS;
            while (!done.await(pause, TimeUnit.MILLISECONDS)) {
                pause = REDRAW_MILLIS;
                Progress progress = latest;
                if (progress != null) {
                    if (draws++ % ASK_WIDTH_EVERY == 0) {
                        columns = screen.tty().columns().getAsInt();
                    }
                    screen.status(drawn(progress, System.nanoTime(), columns));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One line no wider than the terminal; what matters least goes first where there is no room. */
    String drawn(Progress progress, long nanos, int width) {
        samples.addLast(new Sample(nanos, progress.bytes()));
        while (samples.size() > 2 && nanos - samples.getFirst().nanos() > WINDOW.toNanos()) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        double seconds = (nanos - first.nanos()) / 1e9;
        double rate = seconds > 0 ? (progress.bytes() - first.bytes()) / seconds : 0;
        boolean known = progress.totalBytes() >= 0;
        String share = known ? String.format("%3d %%", percent(progress)) : "";
        String amount = known
                ? "%s of %s".formatted(Units.bytes(progress.bytes()), Units.bytes(progress.totalBytes()))
                : Units.bytes(progress.bytes());
        String speed = Units.bytes((long) rate) + "/s";
        String parts = parts(progress);
        String left = known && rate > 0 ? left((progress.totalBytes() - progress.bytes()) / rate) : "";
        String line = join(share, padded(amount, known ? 21 : 8), padded(speed, 10), left, parts);
        int room = Math.max(20, width) - 1;
        if (line.length() > room) {
            line = join(share, speed, left);
        }
        int free = room - line.length() - 2;
        String bar = known && free >= BAR + 12 ? bar(progress) : "";
        free -= bar.isEmpty() ? 0 : BAR + 2;
        String shownName = free >= 8 ? Printable.fitted(name, Math.min(free, 40)) : "";
        return Printable.fitted(join(shownName, bar, line), room);
    }

    private static long percent(Progress progress) {
        return progress.totalBytes() == 0 ? 100 : progress.bytes() * 100 / progress.totalBytes();
    }

    private String parts(Progress progress) {
        String parts = "";
        if (progress.totalParts() > 1) {
            parts = "%d/%d %s".formatted(progress.parts(), progress.totalParts(), unit);
        } else if (progress.totalParts() < 0 && progress.parts() > 0) {
            parts = "%s %s".formatted(Units.count(progress.parts()), unit);
        }
        return progress.retries() == 0 ? parts : join(parts, progress.retries() + " tried again");
    }

    private static String left(double seconds) {
        return seconds > 360_000
                ? ""
                : Units.time(Duration.ofSeconds((long) Math.ceil(seconds))).replace(".0", "") + " left";
    }

    private String bar(Progress progress) {
        int full = (int) (percent(progress) * BAR / 100);
        return screen.tty().unicode()
                ? "█".repeat(full) + "░".repeat(BAR - full)
                : "#".repeat(full) + "-".repeat(BAR - full);
    }

    private static String padded(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private static String join(String... pieces) {
        StringBuilder line = new StringBuilder();
        for (String piece : pieces) {
            if (!piece.isBlank()) {
                line.append(line.length() == 0 ? "" : "  ").append(piece);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        done.countDown();
        if (thread == null) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        screen.clear();
    }
}
