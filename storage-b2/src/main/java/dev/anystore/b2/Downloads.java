package dev.anystore.b2;

import com.backblaze.b2.client.structures.B2AccountAuthorization;
import dev.anystore.ByteRange;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Call;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads by name, or by the id of a version. The service has no conditions, so the answer's id is compared here, before
 * anybody gets a byte.
 */
final class Downloads {
    private final B2Client client;

    Downloads(B2Client client) {
        this.client = client;
    }

    /** One request; two where the caller knows a revision and has to be told that it holds, or that another one does. */
    GetResponse get(GetRequest request, Call call) {
        FileInfos.checkKey(request.key());
        client.authorizations().checkName(request.key(), call);
        if (request.unlessRevision() != null && !request.headOnly()) {
            // The body of what has not changed must not be begun: giving it up would cost the connection.
            ObjectInfo now = head(request, call);
            if (now.revision().equals(request.unlessRevision())) {
                return GetResponse.unchanged();
            }
        }
        try {
            return once(request, call);
        } catch (StorageException e) {
            if (e.kind() == Kind.RANGE_NOT_SATISFIABLE) {
                throw outOfRange(e, request, call);
            }
            throw e;
        }
    }

    /** What is known of an object. One request. */
    ObjectInfo head(GetRequest of, Call call) {
        return once(GetRequest.head(of.key()).withVersion(of.version()).withIfRevision(of.ifRevision()), call)
                .info();
    }

    /** A refused range does not tell the size, and may be that of another revision by now. */
    private StorageException outOfRange(StorageException e, GetRequest request, Call call) {
        ObjectInfo now = head(request, call);
        return e.toBuilder().objectSize(now.size()).build();
    }

    private GetResponse once(GetRequest request, Call call) {
        try {
            return attempt(request, call);
        } catch (StorageException e) {
            if (!isSilent(e, request)) {
                throw explained(e, request, call);
            }
        }
        // The answer to a HEAD has no body that could say why: a GET of one byte asks, and gets a new token if that is
        // why.
        try {
            once(GetRequest.range(request.key(), ByteRange.of(0, 1)).withVersion(request.version()), call)
                    .close();
        } catch (StorageException why) {
            if (why.kind() != Kind.RANGE_NOT_SATISFIABLE) {
                throw why;
            }
        }
        return attempt(request, call);
    }

    private GetResponse attempt(GetRequest request, Call call) {
        return client.withToken(call, account -> send(request, account, call));
    }

    private static boolean isSilent(StorageException e, GetRequest request) {
        Refusal refusal = Refusal.of(e);
        return request.headOnly()
                && refusal != null
                && refusal.code().isEmpty()
                && (refusal.status() == 400 || refusal.status() == 401 || refusal.status() == 403);
    }

    private GetResponse send(GetRequest request, B2AccountAuthorization account, Call call) {
        B2Request get = request(request, account);
        Answer answer = client.send(get, call);
        boolean handed = false;
        try {
            GetResponse response = response(request, get, answer);
            handed = !response.notModified() && response.length() > 0;
            return response;
        } catch (IOException e) {
            throw client.errors().of(e, get);
        } finally {
            if (!handed) {
                answer.close();
            }
        }
    }

    private B2Request request(GetRequest request, B2AccountAuthorization account) {
        B2Address base = B2Address.of(account.getDownloadUrl(), client.config().allowHttp());
        String version = request.version();
        B2Request get = new B2Request(
                        request.headOnly() ? "HEAD" : "GET",
                        version == null ? "b2_download_file_by_name" : "b2_download_file_by_id",
                        version == null
                                ? base.below(path(client.config().bucket(), request.key()), null)
                                : base.below(
                                        "/b2api/v2/b2_download_file_by_id",
                                        "fileId=" + Percent.encode(version).replace("/", "%2F")),
                        request.key())
                .header("Authorization", account.getAuthorizationToken())
                .onlyReads();
        ByteRange range = request.range();
        if (range != null) {
            get.header("Range", range.toHeader());
        }
        CustomerKey key = client.config().customerKey();
        if (key != null) {
            key.write(get);
        }
        if (client.config().testMode() != null) {
            get.header("X-Bz-Test-Mode", client.config().testMode().getValueForHeader());
        }
        return get;
    }

    /** Where the service has a file. */
    static String path(String bucket, String key) {
        return "/file/" + Percent.encode(bucket) + '/' + Percent.encode(key);
    }

    private GetResponse response(GetRequest request, B2Request get, Answer answer) throws IOException {
        long length = FileInfos.number(answer.header("content-length"));
        String id = answer.header("x-bz-file-id");
        if (length < 0 || id == null || id.isEmpty()) {
            throw new IOException("the answer does not say which file it is, or how long");
        }
        requireName(request, answer);
        if (request.ifRevision() != null && !request.ifRevision().equals(id)) {
            throw StorageException.builder(Kind.PRECONDITION_FAILED)
                    .message("the object has another revision by now")
                    .build();
        }
        if (id.equals(request.unlessRevision())) {
            return GetResponse.unchanged();
        }
        if (request.headOnly()) {
            return GetResponse.head(
                    FileInfos.read(request.key(), length, answer).build());
        }
        if (length == 0 && request.range() != null) {
            throw StorageException.builder(Kind.RANGE_NOT_SATISFIABLE)
                    .message("the range has no byte of the object")
                    .objectSize(0)
                    .build();
        }
        if (answer.status() != 206) {
            ObjectInfo info = FileInfos.read(request.key(), length, answer).build();
            return GetResponse.of(info, 0, length, body(answer, get, length));
        }
        ContentRange range = ContentRange.parse(answer.header("content-range"));
        if (range == null || range.last() - range.first() + 1 != length) {
            throw new IOException("the answer is a range, but does not say which");
        }
        ObjectInfo info = FileInfos.read(request.key(), range.size(), answer).build();
        return GetResponse.of(info, range.first(), length, body(answer, get, length));
    }

    /** Whatever is between us and the service may have made another path of the key: then it is another file's answer. */
    private static void requireName(GetRequest request, Answer answer) throws IOException {
        String name = answer.header("x-bz-file-name");
        if (name == null) {
            throw new IOException("the answer does not say whose it is");
        }
        boolean ours = request.key().equals(Percent.decode(name, true))
                || request.key().equals(Percent.decode(name, false));
        if (ours) {
            return;
        }
        if (request.version() != null) {
            throw StorageException.builder(Kind.NOT_FOUND)
                    .message("the version is of another object")
                    .build();
        }
        throw new IOException("the answer is of another object");
    }

    private InputStream body(Answer answer, B2Request get, long length) {
        return length == 0 ? InputStream.nullInputStream() : new AnswerBody(answer, client.errors(), get);
    }

    /** Looks closer at a refusal that says too little: an absent object may be one of an absent bucket. */
    private StorageException explained(StorageException e, GetRequest request, Call call) {
        Refusal refusal = Refusal.of(e);
        if (refusal == null) {
            return e;
        }
        if (request.version() != null && (refusal.status() == 400 || refusal.status() == 404)) {
            return absent("there is no such version of the object", e);
        }
        if (refusal.status() == 404) {
            try {
                String unused = client.authorizations().bucketId(call);
            } catch (StorageException why) {
                if (why.kind() == Kind.BUCKET_NOT_FOUND) {
                    return why;
                }
            }
            return absent("there is no such object", e);
        }
        return e;
    }

    private static StorageException absent(String message, StorageException e) {
        return StorageException.builder(Kind.NOT_FOUND)
                .message(message)
                .status(e.status().orElse(0))
                .cause(e.getCause())
                .build();
    }

    /** The value of a {@code Content-Range}. */
    private record ContentRange(long first, long last, long size) {
        static @Nullable ContentRange parse(@Nullable String header) {
            if (header == null || !header.startsWith("bytes ")) {
                return null;
            }
            int dash = header.indexOf('-');
            int slash = header.indexOf('/');
            if (dash < 0 || slash < dash) {
                return null;
            }
            long first = FileInfos.number(header.substring(6, dash));
            long last = FileInfos.number(header.substring(dash + 1, slash));
            long size = FileInfos.number(header.substring(slash + 1));
            return first < 0 || last < first || size <= last ? null : new ContentRange(first, last, size);
        }
    }
}
