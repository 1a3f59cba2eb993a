package dev.anystore.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What all verbs share. */
abstract class Verb implements Callable<Integer> {
    @Option(names = "--json", description = "Print JSON lines: one object for each result, the error last, on stderr.")
    boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress and no summary, on a terminal either.")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say more: what is requested, and where an error came from.")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    private final String name;
    private final Session session;

    Verb(String name, Session session) {
        this.name = name;
        this.session = session;
    }

    final String name() {
        return name;
    }

    final Session session() {
        return session;
    }

    final Output out() {
        return session.out();
    }

    final Screen screen() {
        return session.screen();
    }

    /** Begins the line of a result that is there. */
    final JsonLine json(String key) {
        return JsonLine.of(name, true).put("key", key);
    }

    /** A line for whoever watches: on a terminal, unless it shall be quiet or scripts read. */
    final void tell(String text) {
        if (screen().tty().err() && !quiet && !json) {
            screen().line(text);
        }
    }

    /** Does it. */
    @Override
    public abstract Integer call();
}
