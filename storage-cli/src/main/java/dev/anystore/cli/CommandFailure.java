package dev.anystore.cli;

import dev.anystore.StorageException.Kind;
import org.jspecify.annotations.Nullable;

/** Ends the command with one line: what is wrong, and what to do about it. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exit;
    private final Kind kind;
    private final @Nullable String fix;

    private CommandFailure(int exit, Kind kind, String message, @Nullable String fix) {
        super(message);
        this.exit = exit;
        this.kind = kind;
        this.fix = fix;
    }

    /** The command line asks for something that makes no sense. */
    static CommandFailure usage(String message, @Nullable String fix) {
        return new CommandFailure(Exit.USAGE, Kind.INVALID_ARGUMENT, message, fix);
    }

    static CommandFailure fileAbsent(String message, @Nullable String fix) {
        return new CommandFailure(Exit.NOT_FOUND, Kind.NOT_FOUND, message, fix);
    }

    static CommandFailure folderAbsent(String message, @Nullable String fix) {
        return new CommandFailure(Exit.NO_BUCKET, Kind.LOCAL_IO, message, fix);
    }

    static CommandFailure rights(String message) {
        return new CommandFailure(Exit.RIGHTS, Kind.LOCAL_IO, message, null);
    }

    static CommandFailure local(String message, @Nullable String fix) {
        return new CommandFailure(Exit.OTHER, Kind.LOCAL_IO, message, fix);
    }

    static CommandFailure limit(String message, @Nullable String fix) {
        return new CommandFailure(Exit.LIMIT, Kind.INVALID_ARGUMENT, message, fix);
    }

    static CommandFailure noMatch(String message) {
        return new CommandFailure(Exit.NO_MATCH, Kind.NOT_FOUND, message, null);
    }

    /** Some of many failed; each has been told. */
    static CommandFailure some(int exit, String message) {
        return new CommandFailure(exit, Kind.INCOMPLETE, message, null);
    }

    /** Bytes came back that are not the ones that were stored. */
    static CommandFailure wrongBytes(String message) {
        return new CommandFailure(Exit.NO_USE, Kind.INTEGRITY, message, null);
    }

    int exit() {
        return exit;
    }

    Kind kind() {
        return kind;
    }

    @Nullable
    String fix() {
        return fix;
    }
}
