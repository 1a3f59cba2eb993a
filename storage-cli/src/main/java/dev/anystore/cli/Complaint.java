package dev.anystore.cli;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, as it is told: one line, or one line of JSON, and an exit code. A stack trace only for who asks for it.
 *
 * @param cause where it came from
 */
record Complaint(
        int exit, Kind kind, String message, @Nullable String fix, Throwable cause) {
    static Complaint of(Throwable thrown, Session session) {
        if (thrown instanceof StorageIOException border) {
            return of(border.storageException(), session);
        }
        if (session.isInterrupted() || thrown instanceof Session.Interrupted) {
            return interrupted(thrown);
        }
        if (thrown instanceof StorageException e) {
            if (e.kind() == Kind.CANCELLED) {
                return interrupted(e);
            }
            return new Complaint(
                    Exit.of(e.kind()), e.kind(), e.getMessage(), e.fix().orElse(null), e);
        }
        if (thrown instanceof CommandFailure e) {
            return new Complaint(e.exit(), e.kind(), withFix(String.valueOf(e.getMessage()), e.fix()), e.fix(), e);
        }
        if (thrown instanceof Output.Lost e) {
            String message = "standard output can't be written: " + e.getMessage();
            return new Complaint(Exit.OTHER, Kind.LOCAL_IO, message, null, e);
        }
        if (thrown instanceof OutOfMemoryError e) {
            String fix = "give Java more with -Xmx, or set STORAGE_MEMORY_BYTES to less";
            return new Complaint(Exit.OTHER, Kind.LOCAL_IO, withFix("the memory is not enough", fix), fix, e);
        }
        String fix = "please report it with what -v prints";
        String message = withFix("this is a fault of anystore: " + thrown, fix);
        return new Complaint(Exit.OTHER, Kind.PROTOCOL, message, fix, thrown);
    }

    /** The command line could not be read. */
    static Complaint usage(String message, @Nullable String fix, Throwable cause) {
        return new Complaint(Exit.USAGE, Kind.INVALID_ARGUMENT, withFix(message, fix), fix, cause);
    }

    private static Complaint interrupted(Throwable cause) {
        String fix =
                cause instanceof StorageException e && e.resumable() ? e.fix().orElse(null) : null;
        String message = "interrupted; " + (fix == null ? "what was under way has been stopped" : fix);
        return new Complaint(Exit.INTERRUPTED, Kind.CANCELLED, message, fix, cause);
    }

    private static String withFix(String message, @Nullable String fix) {
        return fix == null ? message : message + "; " + fix;
    }

    /** Writes it to standard error. */
    void tell(Screen screen, String verb, boolean json, boolean verbose) {
        if (verbose) {
            StringWriter trace = new StringWriter();
            cause.printStackTrace(new PrintWriter(trace));
            // A stack trace repeats messages, and these may repeat keys.
            trace.toString().lines().forEach(line -> screen.line(Printable.of(line.replace("\t", "    "))));
        }
        screen.line(json ? asJson(verb) : screen.red("anystore:") + " " + Printable.of(message));
    }

    /** Tells of one of many: a result among the others where scripts read. */
    void tellOf(String key, Verb verb) {
        if (verb.json) {
            verb.out()
                    .line(JsonLine.of(verb.name(), false)
                            .put("key", key)
                            .put("error", details())
                            .end());
        } else {
            tell(verb.screen(), verb.name(), false, verb.verbose);
        }
    }

    private String asJson(String verb) {
        return JsonLine.of(verb, false).put("error", details()).end();
    }

    /** The object that stands under {@code error}. */
    JsonLine details() {
        JsonLine error = JsonLine.plain().put("kind", kind.name());
        if (cause instanceof StorageException e) {
            error.put("message", e.reason().isEmpty() ? message : e.reason())
                    .put("fix", fix)
                    .put("provider", e.provider().orElse(null))
                    .put("key", e.key().orElse(null));
            if (e.status().isPresent()) {
                error.put("status", e.status().getAsInt());
            }
            return error.put("requestId", e.requestId().orElse(null))
                    .put("attempts", e.attempts())
                    .put("retryable", e.retryable());
        }
        String plain = cause instanceof CommandFailure && cause.getMessage() != null ? cause.getMessage() : message;
        return error.put("message", plain).put("fix", fix).put("retryable", false);
    }
}
