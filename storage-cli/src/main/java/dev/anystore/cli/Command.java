package dev.anystore.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The words behind {@code anystore}, and how a run of one of them ends. */
@CommandLine.Command(
        name = "anystore",
        versionProvider = Command.Version.class,
        synopsisSubcommandLabel = "VERB",
        header = "One command for every object store.",
        description = {
            "",
            "An address is provider:key (bucket from the environment), provider://bucket/key,",
            ":key (the default provider), - (standard input or output), or else a path.",
            ""
        },
        footer = {
            "",
            "Try it without an account:  anystore demo",
            "What is configured:         anystore providers",
            "About one verb:             anystore cp --help"
        })
final class Command {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;

    private Command() {}

    /** Runs one command line and tells what went wrong, if anything did. */
    static int run(Session session, String[] arguments) {
        session.runsOn(Thread.currentThread());
        int exit;
        try {
            exit = execute(session, arguments);
            session.out().flush();
        } catch (Output.Lost e) {
            exit = complain(session, e, "anystore", arguments);
        } finally {
            session.close();
            session.screen().clear();
        }
        return exit;
    }

    private static int execute(Session session, String[] arguments) {
        CommandLine line = new CommandLine(new Command());
        for (Verb verb : verbs(session)) {
            line.addSubcommand(verb.name(), verb);
        }
        settle(line, session);
        line.setParameterExceptionHandler((e, all) -> misread(session, e, all));
        line.setExecutionExceptionHandler((e, of, parsed) -> complain(session, e, of.getCommandName(), arguments));
        if (arguments.length == 0) {
            line.usage(line.getOut());
            line.getOut().flush();
            return Exit.USAGE;
        }
        return line.execute(arguments);
    }

    private static List<Verb> verbs(Session session) {
        return List.of(
                new Demo(session),
                new Providers(session),
                new Doctor(session),
                new Cp(session),
                new Ls(session),
                new Cat(session),
                new Stat(session),
                new Rm(session),
                new LinkTo(session));
    }

    private static void settle(CommandLine line, Session session) {
        Tty tty = session.screen().tty();
        // Keys may begin with @, and nothing in an argument is ours to expand.
        line.setExpandAtFiles(false);
        line.setInterpolateVariables(false);
        line.setColorScheme(
                CommandLine.Help.defaultColorScheme(session.out().isTerminal() && tty.colour() ? Ansi.ON : Ansi.OFF));
        line.setUsageHelpWidth(100);
        line.setOut(new PrintWriter(
                new OutputStreamWriter(session.out().asStream(), java.nio.charset.StandardCharsets.UTF_8)));
    }

    /** An argument is missing, unknown or malformed. */
    private static int misread(Session session, ParameterException e, String[] arguments) {
        CommandLine of = e.getCommandLine();
        StringWriter suggestion = new StringWriter();
        PrintWriter writer = new PrintWriter(suggestion);
        boolean guessed = CommandLine.UnmatchedArgumentException.printSuggestions(e, writer);
        writer.flush();
        String path = of.getCommandSpec().qualifiedName();
        String fix = guessed ? suggestion.toString().trim().replaceAll("\\s+", " ") : "see " + path + " --help";
        Complaint complaint = Complaint.usage(String.valueOf(e.getMessage()), fix, e);
        complaint.tell(session.screen(), of.getCommandName(), wantsJson(arguments), isVerbose(arguments));
        return complaint.exit();
    }

    private static int complain(Session session, Throwable thrown, String verb, String[] arguments) {
        if (thrown instanceof Output.Lost lost && lost.readerLeft()) {
            return Exit.OTHER;
        }
        // Results that were printed before it are true all the same.
        flushQuietly(session);
        Complaint complaint = Complaint.of(thrown, session);
        complaint.tell(session.screen(), verb, wantsJson(arguments), isVerbose(arguments));
        return complaint.exit();
    }

    private static void flushQuietly(Session session) {
        try {
            session.out().flush();
        } catch (Output.Lost e) {
            // The failure that is about to be told came first.
            return;
        }
    }

    /** Looked for by hand: where the command line can't be read, nobody has parsed it. */
    static boolean wantsJson(String[] arguments) {
        return has(arguments, "--json");
    }

    private static boolean isVerbose(String[] arguments) {
        return has(arguments, "-v") || has(arguments, "--verbose");
    }

    private static boolean has(String[] arguments, String option) {
        return Arrays.stream(arguments).takeWhile(a -> !a.equals("--")).anyMatch(option::equals);
    }

    /** From the manifest of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Optional.ofNullable(Command.class.getPackage().getImplementationVersion())
                    .orElse("(not from a jar)");
            return new String[] {"anystore " + version + " on Java " + Runtime.version()};
        }
    }
}
