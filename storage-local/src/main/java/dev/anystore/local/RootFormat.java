package dev.anystore.local;

import dev.anystore.StorageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How keys become file names in one root; fixed by its first put.
 *
 * @param ascii whether everything beyond ASCII is escaped
 * @param fold whether capital letters are escaped, because the file system does not tell them from small ones
 */
record RootFormat(boolean ascii, boolean fold) {
    /** Names as they are. */
    static final RootFormat PLAIN = new RootFormat(false, false);

    /** The most bytes that a format file is read to. */
    static final int MAX_BYTES = 256;

    private static final Pattern LINE =
            Pattern.compile("anystore-local ([0-9]{1,9})(?: names=(utf8|ascii) case=(exact|fold))?.*", Pattern.DOTALL);

    /** The one line of the format file. */
    String line() {
        return "anystore-local 1 names=" + (ascii ? "ascii" : "utf8") + " case=" + (fold ? "fold" : "exact") + "\n";
    }

    /**
     * Reads the line.
     *
     * @param file its place, for the message
     */
    static RootFormat parse(String text, String file) {
        Matcher matcher = LINE.matcher(text);
        if (!matcher.matches()) {
            throw refused(
                    file + " is not a format file of this library",
                    "restore it from a backup, or choose another folder");
        }
        if (!matcher.group(1).equals("1") || matcher.group(2) == null) {
            throw refused(
                    file + " was written by a newer version of this library (format " + matcher.group(1)
                            + ", this one reads 1)",
                    "use that version");
        }
        return new RootFormat(matcher.group(2).equals("ascii"), matcher.group(3).equals("fold"));
    }

    static StorageException refused(String problem, String fix) {
        return StorageException.builder(StorageException.Kind.CONFIGURATION)
                .message(problem)
                .problems(java.util.List.of(problem + "; " + fix))
                .fix(fix)
                .build();
    }
}
