package dev.anystore.s3;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Call;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the program that a profile names and takes what it prints. It gets a minute; what it writes to standard error is nobody's,
 * since it may hold anything.
 *
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html">its protocol</a>
 */
final class CredentialProcess {
    private static final long PATIENCE_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private CredentialProcess() {}

    /** The credentials that the command prints. */
    static Credentials run(String command, String profile, Call call) {
        String what = "the credentials of credential_process in profile " + profile;
        boolean windows =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
        Process process;
        try {
            process = new ProcessBuilder(windows ? List.of("cmd.exe", "/C", command) : List.of("sh", "-c", command))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw failed(what, "it can't be run", e);
        }
        Call.Registration registration = call.onCancel(process::destroyForcibly);
        try {
            String printed =
                    printed(process).get(Math.max(1, call.remainingMillis(PATIENCE_MILLIS)), TimeUnit.MILLISECONDS);
            call.check();
            if (!process.waitFor(Math.max(1, call.remainingMillis(PATIENCE_MILLIS)), TimeUnit.MILLISECONDS)) {
                throw failed(what, "it closed its output and did not end", null);
            }
            if (process.exitValue() != 0) {
                throw failed(what, "it ended with " + process.exitValue(), null);
            }
            return HandedOut.read(printed, what);
        } catch (TimeoutException e) {
            call.check();
            throw failed(what, "it did not end in time", e);
        } catch (ExecutionException e) {
            throw failed(what, "its output can't be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StorageException.builder(Kind.CANCELLED)
                    .message("interrupted while a program was asked for credentials")
                    .cause(e)
                    .build();
        } finally {
            registration.close();
            process.destroyForcibly();
        }
    }

    /** On a thread of its own: a child of the program may keep the pipe open for ever. */
    private static CompletableFuture<String> printed(Process process) {
        CompletableFuture<String> printed = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try (InputStream in = process.getInputStream()) {
                        byte[] bytes = in.readNBytes(FlatJson.MAX_CHARS + 1);
                        printed.complete(new String(bytes, StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        printed.completeExceptionally(e);
                    }
                },
                "anystore-s3-credentials");
        reader.setDaemon(true);
        reader.start();
        return printed;
    }

    private static StorageException failed(String what, String why, @Nullable Throwable cause) {
        return StorageException.builder(Kind.UNAUTHENTICATED)
                .message(what + " were not to be had: " + why)
                .fix("run the program by hand and see what it says")
                .cause(cause)
                .build();
    }
}
