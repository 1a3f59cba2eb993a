package dev.anystore;

import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Guesses which name was meant. */
final class Spelling {
    /** A longer word is no slip of the finger, and the table below must stay small. */
    private static final int LONGEST = 64;

    private Spelling() {}

    /**
     * The name nearest to what was written, at most a third of its letters away and at least one.
     *
     * @return null if none is near
     */
    static @Nullable String nearest(String written, Collection<String> names) {
        if (written.length() > LONGEST) {
            return null;
        }
        int allowed = Math.max(1, written.length() / 3);
        return names.stream()
                .filter(name -> distance(written, name) <= allowed)
                .min(Comparator.comparingInt((String name) -> distance(written, name))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse(null);
    }

    /** A half sentence to append, or nothing. */
    static String didYouMean(String written, Collection<String> names) {
        String nearest = nearest(written, names);
        return nearest == null ? "" : "; did you mean " + nearest + "?";
    }

    /** Insertions, deletions, replacements and swaps of neighbours that lead from one to the other (Damerau, 1964). */
    static int distance(String a, String b) {
        int[][] table = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    table[i][j] = i + j;
                    continue;
                }
                int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int best = Math.min(table[i - 1][j - 1] + same, 1 + Math.min(table[i - 1][j], table[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    best = Math.min(best, table[i - 2][j - 2] + 1);
                }
                table[i][j] = best;
            }
        }
        return table[a.length()][b.length()];
    }
}
