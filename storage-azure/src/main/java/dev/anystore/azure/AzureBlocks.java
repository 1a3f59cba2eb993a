package dev.anystore.azure;

import dev.anystore.Checksum;
import dev.anystore.Checksum.Algorithm;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.http.HttpBody;
import dev.anystore.http.HttpResponse;
import dev.anystore.spi.Call;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.Payload;
import dev.anystore.spi.WriteCondition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Uploads in parts, which are uncommitted blocks of the blob itself. The service knows no uploads: what makes one of some
 * blocks is their names, see {@link BlockId}. So it begins with a block of one byte that no part has; it ends when somebody commits
 * to the blob, whoever it is, because the service then drops all blocks that were not named, or a week after the last one.
 */
final class AzureBlocks implements Multipart {
    /** Also a blob that is there may have an upload under way, which only a question about that blob tells. */
    private static final int UPLOADS_PAGE = 100;

    private static final String TOKEN = "anystoretoken";
    private static final String CRC32C = "anystorecrc32c";

    private final AzureClient client;
    private final BlobHeaders headers;
    private final BlobBodies bodies;

    AzureBlocks(AzureClient client, BlobHeaders headers, BlobBodies bodies) {
        this.client = client;
        this.headers = headers;
        this.bodies = bodies;
    }

    /** What can't be stored beside the bytes, which comes with the last request, is refused here, with the first. */
    @Override
    public String begin(Begin request, Call call) {
        headers.write(request.attributes(), AzureRequest.object("PUT", request.key(), Right.WRITE));
        BlockId.Upload ours =
                BlockId.Upload.begin(request.attributes().metadata().get(TOKEN), client.now());
        Upload upload = new Upload(request.key(), ours.id());
        putByte(upload, ours.block(BlockId.BEGUN), call);
        return upload.uploadId();
    }

    private static BlockId.Upload upload(Upload upload) {
        BlockId.Upload ours = BlockId.Upload.parse(upload.uploadId());
        if (ours == null) {
            throw absent();
        }
        return ours;
    }

    private static StorageException absent() {
        return StorageException.builder(Kind.NOT_FOUND)
                .message("there is no such upload")
                .build();
    }

    private static AzureRequest block(Upload upload, String id) {
        return AzureRequest.object("PUT", upload.key(), Right.WRITE)
                .query("comp", "block")
                .query("blockid", id);
    }

    @Override
    public Part putPart(Upload upload, int number, Payload payload, Call call) {
        String id = upload(upload).block(number);
        AzureRequest put = block(upload, id);
        BlobBodies.Sent sent = bodies.attach(payload, put);
        HttpResponse answer = client.sendForHead(put, call);
        return new Part(number, sent.length(), id, sent.confirmed(answer));
    }

    @Override
    public Part copyPart(Upload upload, int number, Source source, Call call) {
        if (source.range().isLast() || source.range().length() < 0) {
            throw StorageException.builder(Kind.INVALID_ARGUMENT)
                    .message("a part is copied from an offset and a length")
                    .build();
        }
        String id = upload(upload).block(number);
        AzureRequest put = block(upload, id).slow();
        AzureCopy.source(client, source.key(), source.version(), put, call);
        put.header("x-ms-source-range", source.range().toHeader());
        if (source.ifRevision() != null) {
            put.header("x-ms-source-if-match", AzureText.quoted(source.ifRevision()));
        }
        client.sendForHead(put, call);
        return new Part(number, source.range().length(), id, null);
    }

    @Override
    public ObjectInfo complete(Complete request, Call call) {
        String key = request.upload().key();
        BlockId.Upload upload = upload(request.upload());
        XmlWriter xml = new XmlWriter("BlockList");
        for (Part part : request.parts()) {
            // Uncommitted, and not the latest of this name: never a block of the blob that is replaced.
            xml.element("Uncommitted", upload.block(part.number()));
        }
        Map<String, String> metadata = new TreeMap<>(request.attributes().metadata());
        Checksum whole = request.checksum();
        if (whole != null && whole.algorithm() == Algorithm.CRC32C) {
            // Known by now, and the only moment at which this service still takes it.
            metadata.put(CRC32C, whole.hex() + ":" + request.size());
        }
        AzureRequest put = AzureRequest.object("PUT", key, Right.WRITE)
                .query("comp", "blocklist")
                .document(xml.bytes("BlockList"), "application/xml")
                .slow();
        headers.write(request.attributes().withMetadata(metadata), put);
        AzureBackend.condition(request.condition(), put);
        HttpResponse answer;
        try {
            answer = client.sendForHead(put, call);
        } catch (StorageException e) {
            throw e.kind() == Kind.CONFLICT ? explained(e, request, call) : e;
        }
        boolean checked = request.parts().stream().allMatch(part -> part.checksum() != null);
        return headers.written(key, request.size(), request.attributes(), metadata, answer)
                .verification(checked ? Verification.PARTS : Verification.UNVERIFIED)
                .build();
    }

    /**
     * Blocks that are gone because another writer published are, to a writer with a condition, just that: the condition does
     * not hold. Which of the two the service looks at first it does not say.
     */
    private StorageException explained(StorageException conflict, Complete request, Call call) {
        if (request.condition().equals(WriteCondition.ALWAYS)) {
            return conflict;
        }
        String there;
        try {
            HttpResponse answer = client.sendForHead(
                    AzureRequest.object("HEAD", request.upload().key(), Right.READ), call);
            there = AzureText.unquoted(answer.header("etag"));
        } catch (StorageException e) {
            there = e.kind() == Kind.NOT_FOUND ? null : "";
        }
        boolean holds = request.condition() instanceof WriteCondition.IfRevision revision
                ? revision.revision().equals(there)
                : there == null;
        return holds || (there != null && there.isEmpty())
                ? conflict
                : StorageException.builder(Kind.PRECONDITION_FAILED)
                        .message("the condition does not hold: another writer published this key first")
                        .cause(conflict)
                        .build();
    }

    /**
     * Marks the upload as dropped and shrinks its parts to a byte each: the service has no request that drops blocks, other
     * than a commit, which readers would see. What is left goes by itself: with the next commit, or within a week.
     */
    @Override
    public void abort(Upload upload, Call call) {
        BlockId.Upload ours = BlockId.Upload.parse(upload.uploadId());
        if (ours == null) {
            return;
        }
        List<Block> blocks = uncommitted(upload.key(), call).stream()
                .filter(block -> block.id.upload().equals(ours))
                .toList();
        if (blocks.isEmpty()) {
            return;
        }
        for (Block block : blocks) {
            call.check();
            if (block.size > 1) {
                putByte(upload, block.name, call);
            }
        }
        if (blocks.stream().noneMatch(block -> block.id.number() == BlockId.DROPPED)) {
            putByte(upload, ours.block(BlockId.DROPPED), call);
        }
    }

    private void putByte(Upload upload, String id, Call call) {
        client.sendForHead(block(upload, id).body(HttpBody.of(new byte[1]), true), call);
    }

    /** All at once: the service's list has no pages. */
    @Override
    public PartPage parts(Upload upload, int afterNumber, Call call) {
        BlockId.Upload ours = upload(upload);
        List<Part> parts = new ArrayList<>();
        boolean any = false;
        for (Block block : uncommitted(upload.key(), call)) {
            if (block.id.upload().equals(ours)) {
                if (block.id.number() == BlockId.DROPPED) {
                    throw absent();
                }
                any = true;
                if (block.id.isPart() && block.id.number() > afterNumber) {
                    parts.add(new Part(block.id.number(), block.size, block.name, null));
                }
            }
        }
        if (!any) {
            throw absent();
        }
        parts.sort(Comparator.comparingInt(Part::number));
        return new PartPage(List.copyOf(parts), false);
    }

    /**
     * Takes one request for each hundred blobs, and one for each of them: a blob that is there does not show in a listing that
     * somebody is about to replace it.
     */
    @Override
    public UploadPage uploads(String prefix, @Nullable String pageToken, Call call) {
        AzureListing.Raw page =
                new AzureListing(client).raw(prefix, null, UPLOADS_PAGE, pageToken, "uncommittedblobs", call);
        List<Begun> uploads = new ArrayList<>();
        for (AzureListing.Blob blob : page.blobs()) {
            call.check();
            if (blob.isBlock() && BlobNames.refusal(blob.name()) == null) {
                uploads(blob.name(), uploads, call);
            }
        }
        return new UploadPage(List.copyOf(uploads), page.next());
    }

    private void uploads(String key, List<Begun> into, Call call) {
        Map<BlockId.Upload, Boolean> live = new LinkedHashMap<>();
        for (Block block : uncommitted(key, call)) {
            live.merge(block.id.upload(), block.id.number() != BlockId.DROPPED, Boolean::logicalAnd);
        }
        live.forEach((upload, lives) -> {
            if (lives) {
                into.add(new Begun(new Upload(key, upload.id()), upload.begun(), upload.token()));
            }
        });
    }

    /** A block of ours. */
    private record Block(String name, BlockId id, long size) {}

    /** Our uncommitted blocks of a blob, in the order of the service; none if there is no such blob. */
    private List<Block> uncommitted(String key, Call call) {
        AzureRequest get = AzureRequest.object("GET", key, Right.READ)
                .query("comp", "blocklist")
                .query("blocklisttype", "uncommitted");
        try {
            return client.read(get, call, "BlockList", (xml, answer) -> {
                List<Block> blocks = new ArrayList<>();
                while (xml.nextChild()) {
                    if (xml.name().equals("UncommittedBlocks")) {
                        blocks(xml, blocks);
                    } else {
                        xml.skip();
                    }
                }
                return blocks;
            });
        } catch (StorageException e) {
            // An append or page blob has no blocks.
            if (e.kind() == Kind.NOT_FOUND || e.getMessage().contains("InvalidBlobType")) {
                return List.of();
            }
            throw e;
        }
    }

    private static void blocks(XmlReader xml, List<Block> into) throws IOException {
        while (xml.nextChild()) {
            String name = "";
            long size = -1;
            while (xml.nextChild()) {
                switch (xml.name()) {
                    case "Name" -> name = xml.text().trim();
                    case "Size" -> size = xml.number();
                    default -> xml.skip();
                }
            }
            if (name.isEmpty() || size < 0) {
                throw new XmlReader.MalformedXml("a block of the list has no name or no size");
            }
            BlockId id = BlockId.parse(name);
            if (id != null) {
                into.add(new Block(name, id, size));
            }
        }
    }
}
