package dev.anystore.b2;

import com.backblaze.b2.client.structures.B2CancelLargeFileRequest;
import com.backblaze.b2.client.structures.B2CopyPartRequest;
import com.backblaze.b2.client.structures.B2FileSseForRequest;
import com.backblaze.b2.client.structures.B2FileVersion;
import com.backblaze.b2.client.structures.B2FinishLargeFileRequest;
import com.backblaze.b2.client.structures.B2GetUploadPartUrlRequest;
import com.backblaze.b2.client.structures.B2ListPartsRequest;
import com.backblaze.b2.client.structures.B2ListPartsResponse;
import com.backblaze.b2.client.structures.B2ListUnfinishedLargeFilesRequest;
import com.backblaze.b2.client.structures.B2ListUnfinishedLargeFilesResponse;
import com.backblaze.b2.client.structures.B2Part;
import com.backblaze.b2.client.structures.B2StartLargeFileRequest;
import com.backblaze.b2.client.structures.B2UploadPartUrlResponse;
import com.backblaze.b2.util.B2ByteRange;
import dev.anystore.ByteRange;
import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.spi.Call;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Large files: their parts, under the engine's numbers. The id of an upload is that of the file which it becomes. A part is
 * one request here, because the SDK has none for it; the other calls are the SDK's.
 */
final class B2Multipart implements Multipart {
    /** What one request is billed as one for. */
    private static final int PARTS_PAGE = 1000;
    /** The most that the service lists: https://www.backblaze.com/apidocs/b2-list-unfinished-large-files */
    private static final int UPLOADS_PAGE = 100;
    /** So many uploads may be under way at once before the oldest one's URLs are forgotten: they are only got anew. */
    private static final int MOST_UPLOADS = 1000;
    /** The name by which the library knows its own uploads. */
    private static final String TOKEN = "anystoretoken";

    private final B2Client client;
    private final Uploads uploads;
    private final int connections;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, UploadUrls> urls = new LinkedHashMap<>();

    B2Multipart(B2Client client, Uploads uploads, int connections) {
        this.client = client;
        this.uploads = uploads;
        this.connections = connections;
    }

    @Override
    public String begin(Begin request, Call call) {
        B2Backend.requireUnconditional(request.condition());
        Map<String, String> info = FileInfos.of(request.key(), request.attributes());
        client.authorizations().checkName(request.key(), call);
        String bucket = client.authorizations().bucketId(call);
        B2StartLargeFileRequest.Builder start = B2StartLargeFileRequest.builder(
                        bucket, request.key(), FileInfos.type(request.attributes()))
                .setCustomFields(info);
        CustomerKey key = client.config().customerKey();
        if (key != null) {
            start.setServerSideEncryption(key.forSdk());
        } else if (client.config().encrypts()) {
            start.setServerSideEncryption(B2FileSseForRequest.createSseB2Aes256());
        }
        return client.ask(call, (api, account) -> api.startLargeFile(account, start.build()))
                .getFileId();
    }

    @Override
    public Part putPart(Upload upload, int number, Payload payload, Call call) {
        Uploads.Sent<B2Part> sent = uploads.send(payload, new OnePart(upload, number), call);
        B2Part part = sent.answer();
        Uploads.requireSame(sent, payload.length(), part.getContentSha1(), part.getContentLength());
        return new Part(number, payload.length(), sent.sha1().hex(), sent.sha1());
    }

    /** A part in one request. */
    private final class OnePart implements Uploads.Target<B2Part> {
        private final Upload upload;
        private final int number;
        private final UploadUrls waiting;

        OnePart(Upload upload, int number) {
            this.upload = upload;
            this.number = number;
            this.waiting = urlsOf(upload.uploadId());
        }

        @Override
        public String operation() {
            return "b2_upload_part";
        }

        @Override
        public String key() {
            return upload.key();
        }

        @Override
        public UploadUrls urls() {
            return waiting;
        }

        @Override
        public UploadUrls.Url newUrl(Call call) {
            B2UploadPartUrlResponse answer = client.ask(
                    call,
                    (api, account) -> api.getUploadPartUrl(
                            account,
                            B2GetUploadPartUrlRequest.builder(upload.uploadId()).build()));
            return Uploads.url(answer.getUploadUrl(), answer.getAuthorizationToken(), client.config());
        }

        @Override
        public void describe(B2Request request) {
            request.header("X-Bz-Part-Number", Integer.toString(number));
            CustomerKey key = client.config().customerKey();
            if (key != null) {
                key.write(request);
            }
        }

        @Override
        public Class<B2Part> answer() {
            return B2Part.class;
        }
    }

    private UploadUrls urlsOf(String uploadId) {
        lock.lock();
        try {
            UploadUrls known = urls.get(uploadId);
            if (known != null) {
                return known;
            }
            if (urls.size() >= MOST_UPLOADS) {
                urls.remove(urls.keySet().iterator().next());
            }
            UploadUrls fresh = new UploadUrls(connections);
            urls.put(uploadId, fresh);
            return fresh;
        } finally {
            lock.unlock();
        }
    }

    private void forget(String uploadId) {
        lock.lock();
        try {
            urls.remove(uploadId);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Part copyPart(Upload upload, int number, Source source, Call call) {
        ByteRange range = source.range();
        if (range.isLast() || range.length() < 0) {
            throw StorageException.builder(Kind.INVALID_ARGUMENT)
                    .message("a part is copied from an offset and a length")
                    .build();
        }
        client.authorizations().checkName(source.key(), call);
        String id = source.ifRevision() != null ? source.ifRevision() : source.version();
        if (id == null) {
            throw StorageException.builder(Kind.INVALID_ARGUMENT)
                    .message("a part is copied from a version or a revision; look at the source first")
                    .build();
        }
        B2CopyPartRequest.Builder copy = B2CopyPartRequest.builder(number, id, upload.uploadId())
                .setRange(B2ByteRange.between(range.offset(), range.offset() + range.length() - 1));
        CustomerKey key = client.config().customerKey();
        if (key != null) {
            copy.setSourceServerSideEncryption(key.forSdk()).setDestinationServerSideEncryption(key.forSdk());
        }
        try {
            B2Part part = client.ask(call, (api, account) -> api.copyPart(account, copy.build()));
            return part(part);
        } catch (StorageException e) {
            throw e.reason().contains("active upload") ? e : B2Copies.vanished(e, source.ifRevision() != null);
        }
    }

    private static Part part(B2Part part) {
        Checksum sha1 = FileInfos.sha1(part.getContentSha1());
        return new Part(part.getPartNumber(), part.getContentLength(), part.getContentSha1(), sha1);
    }

    @Override
    public ObjectInfo complete(Complete request, Call call) {
        B2Backend.requireUnconditional(request.condition());
        List<String> digests = request.parts().stream().map(Part::tag).toList();
        B2FinishLargeFileRequest finish = B2FinishLargeFileRequest.builder(
                        request.upload().uploadId(), digests)
                .build();
        B2FileVersion file = client.ask(call, (api, account) -> api.finishLargeFile(account, finish));
        forget(request.upload().uploadId());
        if (file.getContentLength() != request.size()) {
            throw StorageException.builder(Kind.INTEGRITY)
                    .message(
                            "the service made a file of " + file.getContentLength() + " bytes out of " + request.size())
                    .mayHaveHappened(true)
                    .build();
        }
        ObjectInfo.Builder info = FileInfos.read(file).key(request.upload().key());
        if (request.checksum() != null) {
            info.addChecksum(request.checksum());
        }
        boolean checked = request.parts().stream()
                .allMatch(part -> part.checksum() != null && part.checksum().algorithm() == Algorithm.SHA1);
        return info.verification(checked ? Verification.PARTS : Verification.UNVERIFIED)
                .build();
    }

    @Override
    public void abort(Upload upload, Call call) {
        forget(upload.uploadId());
        try {
            client.ask(
                    call,
                    (api, account) -> api.cancelLargeFile(
                            account,
                            B2CancelLargeFileRequest.builder(upload.uploadId()).build()));
        } catch (StorageException e) {
            if (!isGone(e)) {
                throw e;
            }
        }
    }

    /** About an upload's id 400 means that there is no such upload, in whatever words: it is the only thing that can be wrong. */
    private static boolean isGone(StorageException e) {
        Refusal refusal = Refusal.of(e);
        return e.kind() == Kind.NOT_FOUND || (refusal != null && refusal.status() == 400);
    }

    @Override
    public PartPage parts(Upload upload, int afterNumber, Call call) {
        if (afterNumber >= 10_000) {
            return new PartPage(List.of(), false);
        }
        B2ListPartsRequest list = B2ListPartsRequest.builder(upload.uploadId())
                .setStartPartNumber(afterNumber + 1)
                .setMaxPartCount(PARTS_PAGE)
                .build();
        B2ListPartsResponse answer;
        try {
            answer = client.ask(call, (api, account) -> api.listParts(account, list));
        } catch (StorageException e) {
            if (isGone(e)) {
                throw StorageException.builder(Kind.NOT_FOUND)
                        .message("there is no such upload")
                        .status(e.status().orElse(0))
                        .cause(e.getCause())
                        .build();
            }
            throw e;
        }
        List<Part> parts = answer.getParts().stream().map(B2Multipart::part).toList();
        if (!answer.atEnd() && parts.isEmpty()) {
            throw Listings.doesNotAdvance("list of parts");
        }
        return new PartPage(parts, !answer.atEnd());
    }

    @Override
    public UploadPage uploads(String prefix, @Nullable String pageToken, Call call) {
        String restricted = Listings.within(client, prefix, call);
        String bucket = client.authorizations().bucketId(call);
        B2ListUnfinishedLargeFilesRequest.Builder list =
                B2ListUnfinishedLargeFilesRequest.builder(bucket).setMaxFileCount(UPLOADS_PAGE);
        if (!restricted.isEmpty()) {
            list.setNamePrefix(restricted);
        }
        if (pageToken != null) {
            list.setStartFileId(pageToken);
        }
        B2ListUnfinishedLargeFilesResponse answer =
                client.ask(call, (api, account) -> api.listUnfinishedLargeFiles(account, list.build()));
        List<Begun> begun = new ArrayList<>();
        for (B2FileVersion file : answer.getFiles()) {
            begun.add(new Begun(
                    new Upload(file.getFileName(), file.getFileId()),
                    Instant.ofEpochMilli(file.getUploadTimestamp()),
                    FileInfos.read(file).build().metadata().get(TOKEN)));
        }
        if (answer.getNextFileId() != null && answer.getNextFileId().equals(pageToken)) {
            throw Listings.doesNotAdvance("list of uploads");
        }
        return new UploadPage(List.copyOf(begun), answer.getNextFileId());
    }
}
