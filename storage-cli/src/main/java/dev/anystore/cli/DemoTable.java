package dev.anystore.cli;

import java.time.Duration;
import java.util.Locale;

/** One row for each step of the demo, printed when it is done. */
final class DemoTable {
    private static final String ROW = "  %-25s %7s  %8s  %8s  %10s  %s";

    private static final long SMALL_BYTES = 64 << 10;

    private final Demo demo;

    DemoTable(Demo demo) {
        this.demo = demo;
    }

    void head() {
        if (!demo.json) {
            demo.out()
                    .line(ROW.formatted("STEP", "OBJECTS", "SIZE", "TIME", "RATE", "RESULT")
                            .stripTrailing());
        }
    }

    /** What small ones took is told in objects a second, what large ones took in bytes a second. */
    void row(String step, long objects, long bytes, Duration took, String result) {
        if (demo.json) {
            demo.out()
                    .line(JsonLine.of(demo.name(), true)
                            .put("step", step)
                            .put("objects", objects)
                            .put("size", bytes)
                            .put("ms", took.toMillis())
                            .put("result", result.isEmpty() ? null : result)
                            .end());
            return;
        }
        String rate = "";
        if (objects > 1 && bytes / objects < SMALL_BYTES) {
            rate = perSecond(objects, took);
        } else if (bytes > 0) {
            rate = Units.rate(bytes, took);
        }
        demo.out()
                .line(ROW.formatted(
                                step,
                                Units.count(objects),
                                bytes > 0 ? Units.bytes(bytes) : "",
                                Units.time(took),
                                rate,
                                result)
                        .stripTrailing());
        demo.out().flush();
    }

    private static String perSecond(long objects, Duration took) {
        return String.format(Locale.ROOT, "%,.0f/s", objects / Math.max(1e-6, took.toNanos() / 1e9));
    }
}
