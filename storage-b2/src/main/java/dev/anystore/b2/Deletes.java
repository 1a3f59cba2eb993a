package dev.anystore.b2;

import com.backblaze.b2.client.structures.B2DeleteFileVersionRequest;
import com.backblaze.b2.client.structures.B2HideFileRequest;
import dev.anystore.Capability;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.DeleteRequest.Target;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Hides files, or deletes versions of them; one request each, the service has no other. A hidden file is absent from reads and
 * listings, and all of its versions are still stored, and cost: they go when they are deleted by their ids, or by a
 * lifecycle rule of the bucket.
 */
final class Deletes {
    private final B2Client client;

    Deletes(B2Client client) {
        this.client = client;
    }

    /** The failures by target. What fails as a whole is thrown. */
    Map<Target, StorageException> delete(DeleteRequest request, Call call) {
        Map<Target, StorageException> failures = new LinkedHashMap<>();
        for (Target target : request.targets()) {
            try {
                one(target, call);
            } catch (StorageException e) {
                boolean ofThisOne =
                        switch (e.kind()) {
                            case CONFLICT, ACCESS_DENIED, INVALID_KEY, INVALID_ARGUMENT, UNSUPPORTED -> true;
                            default -> false;
                        };
                if (!ofThisOne) {
                    throw e;
                }
                failures.put(target, e);
            }
        }
        return failures;
    }

    private void one(Target target, Call call) {
        if (target.ifRevision() != null) {
            throw StorageException.builder(Kind.UNSUPPORTED)
                    .capability(Capability.DELETE_IF_REVISION)
                    .message("B2 has no conditional deletes; delete the version")
                    .build();
        }
        FileInfos.checkKey(target.key());
        client.authorizations().checkName(target.key(), call);
        try {
            if (target.version() != null) {
                deleteVersion(target.key(), target.version(), call);
            } else {
                hide(target.key(), call);
            }
        } catch (StorageException e) {
            // Nothing to hide or to delete is as good as done.
            if (e.kind() != Kind.NOT_FOUND && !Refusal.codeOf(e).equals("already_hidden")) {
                throw e;
            }
        }
    }

    private void hide(String key, Call call) {
        String bucket = client.authorizations().bucketId(call);
        client.ask(
                call,
                (api, account) -> api.hideFile(
                        account, B2HideFileRequest.builder(bucket, key).build()));
    }

    private void deleteVersion(String key, String version, Call call) {
        client.ask(
                call,
                (api, account) -> api.deleteFileVersion(
                        account,
                        B2DeleteFileVersionRequest.builder(key, version).build()));
    }
}
