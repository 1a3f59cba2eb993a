package dev.anystore.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Begins the command. Only {@link #main} touches the process; everything else works on what it was given. */
public final class Main {
    /** Longer than a store takes to stop its transfers and abort their uploads. */
    private static final int STOP_SECONDS = 5;

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        quietLog(List.of(arguments));
        Map<String, String> environment = System.getenv();
        Session session = new Session(
                environment,
                properties(),
                // Of a channel, because reading that can be interrupted: Ctrl-C must not wait for the next key press.
                Channels.newInputStream(new FileInputStream(FileDescriptor.in).getChannel()),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                Tty.ofProcess(environment));
        // The log goes where progress is drawn, and must not write into its line.
        System.setErr(new PrintStream(session.screen().asStream(), true, StandardCharsets.UTF_8));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(session, ended), "anystore-stop"));
        int exit;
        try {
            exit = unreadable(arguments, session) ? Exit.USAGE : Command.run(session, arguments);
        } finally {
            ended.countDown();
        }
        System.exit(exit);
    }

    /**
     * Runs the command on an environment and streams of the caller's, who closes the streams. Interrupting the thread
     * stops it.
     *
     * @return the exit code
     */
    static int run(
            String[] arguments, Map<String, String> environment, InputStream in, OutputStream out, OutputStream err) {
        return Command.run(new Session(environment, in, out, err, Tty.NONE), arguments);
    }

    private static Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        for (String name : System.getProperties().stringPropertyNames()) {
            properties.put(name, System.getProperty(name, ""));
        }
        return properties;
    }

    /** The JVM is ending. After a signal the run is still on: it is stopped, and gets a moment to tidy up. */
    private static void stop(Session session, CountDownLatch ended) {
        if (ended.getCount() == 0) {
            return;
        }
        session.interrupt();
        try {
            if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                session.screen().line("anystore: something did not stop in time, and is left as it is");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Warnings of the library are for the user, too; everything else only for who asks. Before the first logger is made. */
    private static void quietLog(List<String> arguments) {
        boolean verbose = arguments.contains("-v") || arguments.contains("--verbose");
        defaults("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "debug" : "warn");
        defaults("org.slf4j.simpleLogger.showThreadName", Boolean.toString(verbose));
        defaults("org.slf4j.simpleLogger.showLogName", Boolean.toString(verbose));
        defaults("org.slf4j.simpleLogger.warnLevelString", verbose ? "WARN" : "anystore: warning:");
        // SLF4J would tell of its own version on every start.
        defaults("slf4j.internal.verbosity", "WARN");
    }

    private static void defaults(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }

    /** Where the JVM's locale has no UTF-8 it has replaced what it could not read: another key than the one typed. */
    private static boolean unreadable(String[] arguments, Session session) {
        Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        if (charset.equals(StandardCharsets.UTF_8)
                || Arrays.stream(arguments).noneMatch(a -> a.indexOf('\uFFFD') >= 0)) {
            return false;
        }
        Complaint.usage(
                        "an argument has characters that the locale (" + charset + ") can't express",
                        "set LC_ALL=C.UTF-8",
                        new IllegalArgumentException())
                .tell(session.screen(), "anystore", Command.wantsJson(arguments), false);
        return true;
    }
}
