package dev.anystore.gcs;

import dev.anystore.Checksum;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.http.HttpHeaders;
import dev.anystore.spi.Call;
import dev.anystore.spi.Payload;
import dev.anystore.spi.PutRequest;

/** Puts by the XML API: the body is the object and nothing else, so that a file goes from the page cache to the socket. */
final class XmlPuts {
    private final GcsClient client;
    private final ObjectHeaders headers;
    private final JsonPuts json;

    XmlPuts(GcsClient client, ObjectHeaders headers, JsonPuts json) {
        this.client = client;
        this.headers = headers;
        this.json = json;
    }

    ObjectInfo put(PutRequest request, Call call) {
        if (!ObjectHeaders.arePlain(request.attributes())) {
            return json.inOne(request, call); // headers carry ASCII, JSON any text
        }
        Payload payload = request.payload();
        GcsRequest put = GcsRequest.xmlObject("PUT", client.bucket(), request.key());
        headers.write(request.attributes(), put);
        Conditions.onXml(request.condition(), put);
        Checksum crc = GcsBodies.crc32c(payload);
        if (crc != null) {
            put.header(Hashes.HEADER, Hashes.header(crc));
        }
        put.body(GcsBodies.of(payload), payload.repeatable());
        HttpHeaders answer = client.sendForHead(put, call).headers();
        ObjectInfo.Builder info =
                headers.written(request.key(), payload.length(), request.attributes(), answer, client.now());
        boolean confirmed = GcsBodies.isConfirmed(crc, Hashes.crc32c(answer));
        if (crc != null) {
            info.addChecksum(crc);
        }
        if (!GcsText.isNumber(answer.first("x-goog-generation"))) {
            throw StorageException.builder(Kind.PROTOCOL)
                    .message("the service gave the object no generation")
                    .retryable(true)
                    .mayHaveHappened(true)
                    .build();
        }
        return info.verification(confirmed ? Verification.WHOLE : Verification.UNVERIFIED)
                .build();
    }
}
