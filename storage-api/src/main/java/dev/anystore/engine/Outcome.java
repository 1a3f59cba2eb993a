package dev.anystore.engine;

import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.GetRequest;
import java.time.Duration;

/**
 * What became of a write whose answer was lost. The object is read back and its token compared: ours means success, a
 * conflict that is not with ourselves is the caller's, and what can't be read back is unknown.
 */
public final class Outcome {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Engine engine;
    private final String verb;
    private final String key;
    private final String token;

    /** Of a write of this key with this token. */
    public Outcome(Engine engine, String verb, String key, String token) {
        this.engine = engine;
        this.verb = verb;
        this.key = key;
        this.token = token;
    }

    /** The description of what we wrote, if we did; else throws the truth. */
    public ObjectInfo resolve(StorageException failure) {
        if (!failure.mayHaveHappened() || failure.kind() == Kind.CANCELLED || failure.kind() == Kind.CLOSED) {
            throw failure;
        }
        ObjectInfo found;
        try (Scope scope = engine.openCleanUp(LIMIT)) {
            found = engine.pipeline().run(scope, CallPipeline.Operation.of(verb, key), call -> engine.backend()
                    .get(GetRequest.head(key), call)
                    .info());
        } catch (StorageException e) {
            if (e.kind() == Kind.NOT_FOUND && failure.kind() != Kind.NOT_FOUND) {
                throw failure;
            }
            throw Failures.with(unknown(failure, "reading back failed: " + e.reason()), e);
        }
        if (token.equals(found.metadata().get(Reserved.TOKEN))) {
            return found;
        }
        if (failure.kind() == Kind.NOT_FOUND) {
            // The upload is gone and the object is not ours: published and replaced since, or aborted by somebody.
            throw unknown(failure, "the object that is there is another one");
        }
        throw failure;
    }

    private StorageException unknown(StorageException failure, String why) {
        return unknown(engine, verb, key, failure, why);
    }

    /** Nobody can say whether the write took effect. */
    public static StorageException unknown(
            Engine engine, String verb, String key, StorageException failure, String why) {
        return StorageException.builder(Kind.OUTCOME_UNKNOWN)
                .operation(verb)
                .key(key)
                .provider(engine.settings().provider())
                .attempts(failure.attempts())
                .message("the answer was lost (" + failure.reason() + "), and " + why)
                .fix("look whether the object is there before you write it again")
                .cause(failure)
                .build();
    }
}
