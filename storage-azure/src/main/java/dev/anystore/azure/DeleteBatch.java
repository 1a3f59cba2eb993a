package dev.anystore.azure;

import dev.anystore.http.HttpResponse;
import dev.anystore.spi.Call;
import dev.anystore.spi.DeleteRequest.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Several deletes in one request, each signed by itself, and what the service answers to each.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/storageservices/blob-batch">Blob Batch</a>
 */
final class DeleteBatch {
    private static final int MAX_ANSWER = 4 << 20;

    private final String boundary;
    private final byte[] bytes;
    private final int count;

    private DeleteBatch(String boundary, byte[] bytes, int count) {
        this.boundary = boundary;
        this.bytes = bytes;
        this.count = count;
    }

    static DeleteBatch of(AzureClient client, List<Target> targets, Call call) {
        String boundary = "batch_" + UUID.randomUUID();
        StringBuilder out = new StringBuilder(512 * targets.size());
        for (int i = 0; i < targets.size(); i++) {
            AzureRequest delete = AzureDeletes.request(targets.get(i));
            String path = client.path(delete);
            String query = client.query(delete, true);
            Fields headers = client.batchHeaders(delete, path, call);
            out.append("--").append(boundary).append("\r\n");
            out.append("Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: ");
            out.append(i).append("\r\n\r\nDELETE ").append(path);
            out.append(query == null ? "" : "?" + query).append(" HTTP/1.1\r\n");
            for (int j = 0; j < headers.size(); j++) {
                out.append(headers.name(j))
                        .append(": ")
                        .append(headers.value(j))
                        .append("\r\n");
            }
            out.append("Content-Length: 0\r\n\r\n");
        }
        out.append("--").append(boundary).append("--\r\n");
        return new DeleteBatch(boundary, out.toString().getBytes(StandardCharsets.UTF_8), targets.size());
    }

    byte[] bytes() {
        return bytes;
    }

    String contentType() {
        return "multipart/mixed; boundary=" + boundary;
    }

    /** One answer for each delete, in their order. */
    List<ErrorAnswer> answers(HttpResponse response) throws IOException {
        String type = response.header("content-type");
        int at = type == null ? -1 : type.indexOf("boundary=");
        if (type == null || at < 0) {
            throw new XmlReader.MalformedXml("the answer to a batch is none");
        }
        String mark = "--" + type.substring(at + 9).replace("\"", "").trim();
        @Nullable ErrorAnswer[] answers = new ErrorAnswer[count];
        String text = new String(response.readAll(MAX_ANSWER), StandardCharsets.UTF_8);
        for (String part : text.split(java.util.regex.Pattern.quote(mark), -1)) {
            read(part.replace("\r\n", "\n"), answers);
        }
        if (Arrays.stream(answers).anyMatch(java.util.Objects::isNull)) {
            // Which of ours stayed is not known, so none may count as gone.
            throw new XmlReader.MalformedXml("the answer to a batch leaves some of its requests out");
        }
        return Arrays.stream(answers).map(java.util.Objects::requireNonNull).toList();
    }

    private static void read(String part, @Nullable ErrorAnswer[] into) throws IOException {
        int status = part.indexOf("HTTP/1.1 ");
        if (status < 0 || part.length() < status + 12) {
            return;
        }
        String id = header(part.substring(0, status), "content-id");
        int number = (int) Math.min(Integer.MAX_VALUE, AzureBackend.number(id));
        int code = (int) AzureBackend.number(part.substring(status + 9, status + 12));
        // A batch that fails as a whole is answered by one part, which has no id.
        int from = id == null ? 0 : number;
        int to = id == null ? into.length : number + 1;
        if (code < 0 || from < 0 || to > into.length) {
            throw new XmlReader.MalformedXml("the answer to a batch has an answer to no request of it");
        }
        String answer = part.substring(status);
        int blank = answer.indexOf("\n\n");
        String head = blank < 0 ? answer : answer.substring(0, blank);
        String[] said = blank < 0
                ? new String[] {"", ""}
                : said(answer.substring(blank + 2).trim());
        String word = header(head, "x-ms-error-code");
        ErrorAnswer read =
                ErrorAnswer.ofBatch(code, word == null ? said[0] : word, said[1], header(head, "x-ms-request-id"));
        Arrays.fill(into, from, to, read);
    }

    /** Code and message of an error document. */
    private static String[] said(String body) {
        String[] said = {"", ""};
        try {
            if (!body.isEmpty()) {
                XmlReader xml = XmlReader.of(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
                xml.root("Error");
                while (xml.nextChild()) {
                    switch (xml.name()) {
                        case "Code" -> said[0] = xml.text().trim();
                        case "Message" ->
                            said[1] = xml.text().trim().lines().findFirst().orElse("");
                        default -> xml.skip();
                    }
                }
            }
        } catch (IOException e) {
            // The status speaks.
        }
        return said;
    }

    private static @Nullable String header(String head, String name) {
        for (String line : head.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0
                    && line.substring(0, colon).trim().toLowerCase(Locale.ROOT).equals(name)) {
                return line.substring(colon + 1).trim();
            }
        }
        return null;
    }
}
