package dev.anystore.cli;

import picocli.CommandLine.Command;

@Command(name = "demo", header = "Show the main job, without an account.", sortOptions = false)
final class Demo extends Verb {
    Demo(Session session) {
        super("demo", session);
    }

    @Override
    public Integer call() {
        return Exit.DONE;
    }
}
