package dev.anystore.engine;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Multipart;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Drops an upload and its parts, again until the service's list says that it is gone: a part that was still under way may
 * arrive after the first abort.
 */
final class UploadAbort {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int TIMES = 5;
    private static final String LEFT = "the unfinished upload could not be dropped, its parts are still stored";

    private final Engine engine;
    private final Multipart power;

    UploadAbort(Engine engine, Multipart power) {
        this.engine = engine;
        this.power = power;
    }

    /** What is left, to be said beside the failure; null if nothing is. */
    @Nullable
    StorageException drop(Multipart.Upload upload) {
        boolean interrupted = Thread.interrupted(); // The clean-up needs its I/O; the flag is set again below.
        try (Scope cleanUp = engine.openCleanUp(LIMIT)) {
            CallPipeline.Operation operation = CallPipeline.Operation.of("abort", upload.key());
            for (int i = 0; i < TIMES; i++) {
                engine.pipeline().run(cleanUp, operation, call -> {
                    power.abort(upload, call);
                    return true;
                });
                if (isGone(cleanUp, upload)) {
                    return null;
                }
                cleanUp.sleep(Duration.ofMillis(100L << i).toNanos());
            }
            return leftOver(engine, upload.key(), LEFT, null);
        } catch (StorageException e) {
            return leftOver(engine, upload.key(), LEFT, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isGone(Scope cleanUp, Multipart.Upload upload) {
        try {
            return engine.pipeline()
                    .run(cleanUp, CallPipeline.Operation.of("abort", upload.key()), call -> power.parts(upload, 0, call)
                            .parts()
                            .isEmpty());
        } catch (StorageException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return true;
            }
            if (e.kind() == Kind.ACCESS_DENIED) {
                return true; // A key that may not list can't be asked; the abort itself was answered with success.
            }
            throw e;
        }
    }

    static StorageException leftOver(Engine engine, String key, String what, @Nullable Throwable cause) {
        return StorageException.builder(Kind.INCOMPLETE)
                .operation("abort")
                .key(key)
                .provider(engine.settings().provider())
                .message(what)
                .cause(cause)
                .fix("sweep unfinished uploads later")
                .build();
    }
}
