package dev.anystore.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Numbers of several runs, and how they are printed. */
final class Figures {
    private final double[] sorted;

    private Figures(double[] sorted) {
        this.sorted = sorted;
    }

    /** Of these runs, of which there is at least one. */
    static Figures of(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no runs");
        }
        Arrays.sort(sorted);
        return new Figures(sorted);
    }

    double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double least() {
        return sorted[0];
    }

    double most() {
        return sorted[sorted.length - 1];
    }

    /** Three digits that mean something. */
    static String shown(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }

    /** The median with the least and the most. */
    String shown() {
        return shown(median()) + " (" + shown(least()) + " to " + shown(most()) + ")";
    }
}
