package dev.anystore.gcs;

import dev.anystore.StorageException;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.DeleteRequest.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Deletes one object by its own request, and up to a hundred by a batch: requests within a request, each with an answer of its
 * own.
 *
 * @see <a href="https://cloud.google.com/storage/docs/batch">batch requests</a>
 */
final class GcsDeletes {
    /** Set by the service. */
    static final int BATCH = 100;

    private static final String BOUNDARY = "anystore-1d7a40b96ce2";

    private final GcsClient client;

    GcsDeletes(GcsClient client) {
        this.client = client;
    }

    /** The failures by target. What fails as a whole is thrown. */
    Map<Target, StorageException> delete(DeleteRequest request, Call call) {
        Map<Target, StorageException> failures = new LinkedHashMap<>();
        List<Target> batch = new ArrayList<>();
        for (Target target : request.targets()) {
            StorageException refusal = refusal(target);
            if (refusal != null) {
                failures.put(target, refusal);
            } else if (target.version() == null || GcsText.isNumber(target.version())) {
                batch.add(target);
            } // else no object has such a version, and an absent one is success
        }
        if (batch.size() == 1) {
            one(batch.get(0), failures, call);
        } else if (!batch.isEmpty()) {
            many(batch, failures, call);
        }
        return failures;
    }

    private static @Nullable StorageException refusal(Target target) {
        try {
            GcsClient.checkKey(target.key());
            if (target.ifRevision() != null) {
                Conditions.revision(target.ifRevision());
            }
            return null;
        } catch (StorageException e) {
            return e;
        }
    }

    private GcsRequest request(Target target) {
        GcsRequest delete = GcsRequest.jsonObject("DELETE", client.bucket(), target.key())
                .queryIfPresent("generation", target.version())
                .queryIfPresent("ifGenerationMatch", target.ifRevision());
        return target.ifRevision() == null ? delete : delete.withCondition();
    }

    private void one(Target target, Map<Target, StorageException> failures, Call call) {
        try {
            client.sendForHead(request(target), call);
        } catch (StorageException e) {
            note(target, e, failures);
        }
    }

    /** What becomes of one target; what no other target would fare better with is thrown. */
    private static void note(Target target, StorageException e, Map<Target, StorageException> failures) {
        switch (e.kind()) {
            case NOT_FOUND -> {}
            case PRECONDITION_FAILED, CONFLICT, ACCESS_DENIED, INVALID_KEY, INVALID_ARGUMENT, UNSUPPORTED, THROTTLED ->
                failures.put(target, e);
            default -> throw e;
        }
    }

    private void many(List<Target> batch, Map<Target, StorageException> failures, Call call) {
        StringBuilder body = new StringBuilder(batch.size() * 250);
        for (int i = 0; i < batch.size(); i++) {
            GcsRequest inner = request(batch.get(i));
            String query = inner.query();
            body.append("--")
                    .append(BOUNDARY)
                    .append("\r\ncontent-type: application/http\r\ncontent-transfer-encoding: binary\r\ncontent-id: <")
                    .append(i + 1)
                    .append(">\r\n\r\nDELETE ")
                    .append(inner.path())
                    .append(query == null ? "" : "?" + query)
                    .append(" HTTP/1.1\r\ncontent-length: 0\r\n");
            if (client.config().objects().userProject() != null) {
                body.append("x-goog-user-project: ")
                        .append(client.config().objects().userProject())
                        .append("\r\n");
            }
            // One line end for the inner head, one that belongs to the boundary.
            body.append("\r\n\r\n");
        }
        body.append("--").append(BOUNDARY).append("--\r\n");
        GcsRequest post = GcsRequest.json("POST", null, "/batch/storage/v1")
                .document("multipart/mixed; boundary=" + BOUNDARY, body.toString());
        Map<Integer, ErrorAnswer> answers;
        try (Answer answer = client.send(post, call)) {
            answers = answers(answer.header("content-type"), answer.response().readAll(Json.MAX_BYTES));
        } catch (IOException e) {
            throw client.errors().of(e, post);
        }
        for (int i = 0; i < batch.size(); i++) {
            Target target = batch.get(i);
            ErrorAnswer answer = answers.get(i + 1);
            if (answer == null) {
                throw client.errors().of(new Json.Malformed("the batch has no answer for one of its requests"), post);
            }
            if (answer.status() >= 300) {
                note(target, client.errors().of(answer, request(target)), failures);
            }
        }
    }

    /** The answers within the answer, by the number of their request. */
    static Map<Integer, ErrorAnswer> answers(@Nullable String contentType, byte[] body) throws IOException {
        String boundary = boundary(contentType);
        // Latin-1 keeps each byte a character, so that positions are those of the bytes.
        String text = new String(body, StandardCharsets.ISO_8859_1);
        Map<Integer, ErrorAnswer> answers = new HashMap<>();
        for (String part : text.split("(?:^|\r?\n)--" + Pattern.quote(boundary), -1)) {
            int outerEnd = endOfHead(part);
            int number = outerEnd < 0 ? -1 : number(part.substring(0, outerEnd));
            if (number < 0) {
                continue;
            }
            String inner = part.substring(outerEnd).stripLeading();
            String[] words = inner.split(" ", 3);
            int status = words.length >= 2 && words[0].startsWith("HTTP/") ? (int) GcsText.number(words[1]) : -1;
            if (status < 100) {
                throw new Json.Malformed("an answer of the batch has no status");
            }
            int innerEnd = endOfHead(inner);
            String document = innerEnd < 0 ? "" : inner.substring(innerEnd).trim();
            ErrorAnswer old =
                    answers.put(number, ErrorAnswer.ofBatch(status, document.getBytes(StandardCharsets.ISO_8859_1)));
            if (old != null) {
                throw new Json.Malformed("the batch has two answers for one of its requests");
            }
        }
        return answers;
    }

    private static String boundary(@Nullable String contentType) throws IOException {
        int at = contentType == null ? -1 : contentType.toLowerCase(Locale.ROOT).indexOf("boundary=");
        if (contentType == null || at < 0) {
            throw new Json.Malformed("the batch's answer is no multipart document");
        }
        String value = contentType.substring(at + 9).split(";", 2)[0].trim();
        return value.startsWith("\"") && value.endsWith("\"") && value.length() > 2
                ? value.substring(1, value.length() - 1)
                : value;
    }

    /** Where the empty line behind a head ends, or -1. */
    private static int endOfHead(String text) {
        int crlf = text.indexOf("\r\n\r\n");
        int lf = text.indexOf("\n\n");
        if (crlf >= 0 && (lf < 0 || crlf < lf)) {
            return crlf + 4;
        }
        return lf < 0 ? -1 : lf + 2;
    }

    /** The number in {@code Content-ID: <response-7>}; some servers prefix it otherwise, none leaves out the digits. */
    private static int number(String head) {
        for (String line : head.split("\r?\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-id:")) {
                String digits = line.substring(11)
                        .replaceAll("[^0-9]*([0-9]+)>?\\s*$", "$1")
                        .trim();
                long number = GcsText.number(digits);
                return number < 1 || number > BATCH ? -1 : (int) number;
            }
        }
        return -1;
    }
}
