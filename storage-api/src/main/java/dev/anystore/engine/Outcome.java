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
final class Outcome {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Engine engine;
    private final String verb;
    private final String key;
    private final String token;

    Outcome(Engine engine, String verb, String key, String token) {
        this.engine = engine;
        this.verb = verb;
        this.key = key;
        this.token = token;
    }

    /** The description of what we wrote, if we did; else throws the truth. */
    ObjectInfo resolve(StorageException failure) {
        if (!failure.mayHaveHappened() || failure.kind() == Kind.CANCELLED || failure.kind() == Kind.CLOSED) {
            throw failure;
        }
        ObjectInfo found;
        try (Scope scope = engine.openCleanUp(LIMIT)) {
            found = engine.pipeline().run(scope, CallPipeline.Operation.of(verb, key), call -> engine.backend()
                    .get(GetRequest.head(key), call)
                    .info());
        } catch (StorageException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                throw failure;
            }
            throw Failures.with(
                    StorageException.builder(Kind.OUTCOME_UNKNOWN)
                            .operation(verb)
                            .key(key)
                            .provider(engine.settings().provider())
                            .attempts(failure.attempts())
                            .message("the answer was lost (" + failure.reason() + "), and reading back failed: "
                                    + e.reason())
                            .fix("look whether the object is there before you write it again")
                            .cause(failure)
                            .build(),
                    e);
        }
        if (token.equals(found.metadata().get(Reserved.TOKEN))) {
            return found;
        }
        throw failure;
    }
}
