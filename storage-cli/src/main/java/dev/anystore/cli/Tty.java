package dev.anystore.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * At which of the three standard streams a person sits, and what can be shown there.
 *
 * @param in somebody can answer
 * @param out results go to a terminal
 * @param err messages go to a terminal that can redraw a line
 * @param colour neither {@code NO_COLOR} nor {@code TERM=dumb} speak against it
 * @param unicode the locale has more than ASCII
 * @param columns asks how wide the terminal is now
 */
record Tty(boolean in, boolean out, boolean err, boolean colour, boolean unicode, IntSupplier columns) {
    private static final int USUAL_COLUMNS = 80;

    /** Pipes and files on all three. */
    static final Tty NONE = new Tty(false, false, false, false, false, () -> USUAL_COLUMNS);

    /** Asks the system. Java can't say it of each stream. */
    static Tty ofProcess(Map<String, String> environment) {
        boolean in = isTerminal(0);
        boolean out = isTerminal(1);
        boolean err = isTerminal(2);
        boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
        boolean colour = !dumb && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Tty(in, out, err && !dumb, colour, speaksUtf8(environment), () -> askedColumns(environment));
    }

    @SuppressWarnings("SystemConsoleNull") // null or not, it is only the first of two questions
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        if (Files.isSymbolicLink(link)) {
            try {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            } catch (IOException e) {
                return false;
            }
        }
        if (System.console() == null) {
            return false;
        }
        // Since Java 22 there may be a console that is no terminal: where there is a shell, it knows.
        return File.separatorChar == '\\' || testKnows(descriptor);
    }

    private static boolean testKnows(int descriptor) {
        try {
            Process test = new ProcessBuilder("/bin/sh", "-c", "test -t " + descriptor)
                    .inheritIO()
                    .start();
            return test.waitFor(1, TimeUnit.SECONDS) && test.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean speaksUtf8(Map<String, String> environment) {
        for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            String value = environment.getOrDefault(name, "");
            if (!value.isEmpty()) {
                String locale = value.toLowerCase(Locale.ROOT);
                return locale.contains("utf-8") || locale.contains("utf8");
            }
        }
        return false;
    }

    private static int askedColumns(Map<String, String> environment) {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(stty.getInputStream().readNBytes(64), StandardCharsets.US_ASCII).trim();
            int columns = Integer.parseInt(answer.substring(answer.indexOf(' ') + 1));
            if (stty.waitFor(1, TimeUnit.SECONDS) && columns > 0) {
                return columns;
            }
        } catch (IOException | NumberFormatException e) {
            // A terminal that can't be asked is as wide as its variable says, or as terminals are.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            return Integer.parseInt(environment.getOrDefault("COLUMNS", ""));
        } catch (NumberFormatException e) {
            return USUAL_COLUMNS;
        }
    }
}
