package dev.anystore.azure;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.DeleteRequest.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Deletes one object by its own request, and several by a batch. A signature may delete and yet not batch: then each goes by
 * its own request, from there on.
 */
final class AzureDeletes {
    /** https://learn.microsoft.com/rest/api/storageservices/blob-batch */
    static final int MAX_BATCH = 256;

    private final AzureClient client;
    private volatile boolean batches = true;

    AzureDeletes(AzureClient client) {
        this.client = client;
    }

    /** The failures by target. What fails as a whole is thrown. */
    Map<Target, StorageException> delete(DeleteRequest request, Call call) {
        Map<Target, StorageException> failures = new LinkedHashMap<>();
        List<Target> batch = new ArrayList<>();
        for (Target target : request.targets()) {
            String refusal = BlobNames.refusal(target.key());
            if (refusal == null) {
                batch.add(target);
            } else {
                failures.put(
                        target,
                        StorageException.builder(Kind.INVALID_KEY)
                                .message("the key " + refusal)
                                .build());
            }
        }
        if (batch.size() > 1 && batches && many(batch, failures, call)) {
            return failures;
        }
        for (Target target : batch) {
            call.check();
            one(target, failures, call);
        }
        return failures;
    }

    static AzureRequest request(Target target) {
        Right right = target.version() == null ? Right.DELETE : Right.DELETE_VERSION;
        AzureRequest delete = AzureRequest.object("DELETE", target.key(), right);
        AzureVersions.name(target.version(), delete);
        if (target.ifRevision() != null) {
            delete.header("if-match", AzureText.quoted(target.ifRevision()));
        }
        return delete;
    }

    private void one(Target target, Map<Target, StorageException> failures, Call call) {
        try {
            client.sendForHead(request(target), call);
        } catch (StorageException e) {
            note(target, e, failures);
        }
    }

    private static void note(Target target, StorageException e, Map<Target, StorageException> failures) {
        if (e.kind() == Kind.NOT_FOUND) {
            return; // it is gone; with a revision that was expected the kind is another one
        }
        if (concernsAll(e)) {
            throw e;
        }
        failures.put(target, e);
    }

    /** Whether no other target would fare better. */
    private static boolean concernsAll(StorageException e) {
        return switch (e.kind()) {
            case PRECONDITION_FAILED, CONFLICT, ACCESS_DENIED, INVALID_KEY, INVALID_ARGUMENT, UNSUPPORTED -> false;
            default -> true;
        };
    }

    /** Whether the service took the batch. */
    private boolean many(List<Target> batch, Map<Target, StorageException> failures, Call call) {
        DeleteBatch body = DeleteBatch.of(client, batch, call);
        AzureRequest post = AzureRequest.container("POST", Right.DELETE)
                .query("comp", "batch")
                .document(body.bytes(), body.contentType());
        List<ErrorAnswer> answers;
        try (Answer answer = client.send(post, call)) {
            answers = body.answers(answer.response());
        } catch (StorageException e) {
            if (e.kind() != Kind.ACCESS_DENIED && e.kind() != Kind.UNSUPPORTED) {
                throw e;
            }
            batches = false;
            return false;
        } catch (IOException e) {
            throw client.errors().of(e, post);
        }
        for (int i = 0; i < batch.size(); i++) {
            ErrorAnswer answer = answers.get(i);
            if (answer.status() >= 300) {
                StorageException failure = client.errors().of(answer, request(batch.get(i)));
                note(batch.get(i), failure, failures);
            }
        }
        return true;
    }
}
