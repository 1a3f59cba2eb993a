package dev.anystore.benchmarks;

/**
 * What no transfer can be faster than. One that seems so was measured wrongly, or the ceiling was; which of the two is not
 * known, so its figure is not printed.
 *
 * @param name of what was measured
 * @param gigabytes a second, of its runs; the fastest one counts
 */
record Ceiling(String name, Figures gigabytes) {
    /** The one of both that is lower. */
    Ceiling lower(Ceiling other) {
        return gigabytes.most() <= other.gigabytes.most() ? this : other;
    }

    /** Whether the median of a transfer is above it. */
    boolean refuses(Figures transfer) {
        return transfer.median() > gigabytes.most();
    }

    /** What stands in place of a figure that is refused. */
    String refusal() {
        return "refused: above the ceiling " + name + ", so one of the two was measured wrongly";
    }

    /** How much of it a transfer reaches. */
    String share(Figures transfer) {
        return Math.round(transfer.median() / gigabytes.most() * 100) + " % of " + name;
    }
}
