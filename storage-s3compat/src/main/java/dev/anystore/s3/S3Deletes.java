package dev.anystore.s3;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.DeleteRequest.Target;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Deletes one object by its own request, and several by one document. */
final class S3Deletes {
    private final S3Client client;

    S3Deletes(S3Client client) {
        this.client = client;
    }

    /** The failures by target. What fails as a whole is thrown. */
    Map<Target, StorageException> delete(DeleteRequest request, Call call) {
        Map<Target, StorageException> failures = new LinkedHashMap<>();
        List<Target> batch = new ArrayList<>();
        for (Target target : request.targets()) {
            try {
                client.checkKey(target.key());
            } catch (StorageException e) {
                failures.put(target, e);
                continue;
            }
            // XML has no way to write most control characters, and conditions are safer with a status of their own.
            if (XmlWriter.canCarry(target.key()) && target.ifRevision() == null) {
                batch.add(target);
            } else {
                one(target, failures, call);
            }
        }
        if (batch.size() == 1) {
            one(batch.get(0), failures, call);
        } else if (!batch.isEmpty()) {
            many(batch, failures, call);
        }
        return failures;
    }

    private void one(Target target, Map<Target, StorageException> failures, Call call) {
        S3Request delete = S3Request.object("DELETE", target.key()).queryIfPresent("versionId", target.version());
        if (target.ifRevision() != null) {
            delete.header("if-match", S3Text.quoted(target.ifRevision()));
        }
        try {
            client.sendForHead(delete, call);
        } catch (StorageException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                if (target.ifRevision() != null) {
                    failures.put(target, absent(e));
                }
                return;
            }
            if (concernsAll(e)) {
                throw e;
            }
            failures.put(target, e);
        }
    }

    /** An object that is not there has no revision. */
    private static StorageException absent(StorageException e) {
        return StorageException.builder(Kind.PRECONDITION_FAILED)
                .message("there is no such object")
                .cause(e)
                .build();
    }

    /** Whether no other target would fare better. */
    private static boolean concernsAll(StorageException e) {
        return switch (e.kind()) {
            case PRECONDITION_FAILED, CONFLICT, ACCESS_DENIED, INVALID_KEY, INVALID_ARGUMENT, UNSUPPORTED -> false;
            default -> true;
        };
    }

    private void many(List<Target> batch, Map<Target, StorageException> failures, Call call) {
        XmlWriter xml = new XmlWriter("Delete").element("Quiet", "true");
        for (Target target : batch) {
            xml.open("Object").element("Key", target.key());
            if (target.version() != null) {
                xml.element("VersionId", target.version());
            }
            xml.close("Object");
        }
        byte[] document = xml.bytes("Delete");
        S3Request post = S3Request.bucket("POST")
                .query("delete", "")
                .document(document)
                // Older services insist on this one; none refuses it.
                .header("content-md5", md5(document));
        List<Refusal> refusals = client.read(post, call, "DeleteResult", (reader, answer) -> refusals(reader));
        for (Refusal refusal : refusals) {
            StorageException failure = client.errors().ofBatchEntry(refusal.code, refusal.message, post);
            if (failure.kind() == Kind.NOT_FOUND) {
                continue;
            }
            boolean ours = false;
            for (Target target : batch) {
                if (refusal.isOf(target)) {
                    failures.put(target, failure);
                    ours = true;
                }
            }
            if (!ours) {
                // A key that was not asked for: which of ours stayed is not known, so none may count as gone.
                throw failure;
            }
        }
    }

    /** One entry that failed. */
    private record Refusal(String key, String version, String code, String message) {
        boolean isOf(Target target) {
            return target.key().equals(key)
                    && (version.isEmpty() || target.version() == null || version.equals(target.version()));
        }
    }

    private static List<Refusal> refusals(XmlReader xml) throws IOException {
        List<Refusal> refusals = new ArrayList<>();
        while (xml.nextChild()) {
            if (!xml.name().equals("Error")) {
                xml.skip();
                continue;
            }
            String key = "";
            String version = "";
            String code = "";
            String message = "";
            while (xml.nextChild()) {
                switch (xml.name()) {
                    case "Key" -> key = xml.text();
                    case "VersionId" -> version = xml.text();
                    case "Code" -> code = xml.text().trim();
                    case "Message" -> message = xml.text().trim();
                    default -> xml.skip();
                }
            }
            refusals.add(new Refusal(key, version, code, message));
        }
        return refusals;
    }

    static String md5(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has MD5", e);
        }
    }
}
