package dev.anystore.memory;

import dev.anystore.ByteRange;
import dev.anystore.Capability;
import dev.anystore.Checksum;
import dev.anystore.Keys;
import dev.anystore.Limits;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.spi.Call;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.Payload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Uploads in parts, with the strictness of the strictest service: what breaks a declared limit is refused. */
final class MemoryUploads implements Multipart {
    private static final Comparator<OpenUpload> ORDER = Comparator.<OpenUpload, String>comparing(
                    upload -> upload.key, Keys.UTF8_ORDER)
            .thenComparingLong(upload -> upload.sequence);

    private final Service service;
    private final MemorySpace space;

    MemoryUploads(Service service) {
        this.service = service;
        this.space = service.space();
    }

    @Override
    public String begin(Begin request, Call call) {
        service.enter(request.key(), call);
        service.check(request.attributes());
        service.require(request.condition(), Capability.COMPLETE_IF_ABSENT, Capability.COMPLETE_IF_REVISION);
        return space.atomically(() -> {
            Map<String, OpenUpload> uploads = space.uploadsById();
            OpenUpload upload = new OpenUpload(
                    space.nextSequence(), request.key(), request.attributes(), request.partBytes(), space.now());
            uploads.put(upload.id(), upload);
            return upload.id();
        });
    }

    @Override
    public Part putPart(Upload upload, int number, Payload payload, Call call) {
        service.enter(upload.key(), call);
        checkNumber(number);
        space.atomically(() -> find(upload));
        Receiver.Received received =
                Receiver.receive(space, payload, call, service.limits().partMaxBytes());
        return hold(upload, number, received.content(), received.crc32c());
    }

    @Override
    public Part copyPart(Upload upload, int number, Source source, Call call) {
        service.enter(upload.key(), call);
        service.enter(source.key(), call);
        service.requireVersions(source.version());
        checkNumber(number);
        Content content = space.atomically(() -> {
            find(upload);
            Stored stored = space.get(source.key(), source.version());
            MemorySpace.requireRevision(source.ifRevision(), source.key(), stored);
            return cut(stored, source.range());
        });
        Service.atMost("bytes in one part", content.size(), service.limits().partMaxBytes());
        space.reserve(content.size());
        return hold(upload, number, content, content.crc32c());
    }

    private static Content cut(Stored stored, ByteRange range) {
        long offset = range.offsetIn(stored.size());
        // Services refuse a part copy whose range reaches behind the source; only a get cuts it.
        if (offset < 0 || (range.length() > 0 && range.lengthIn(stored.size()) != range.length())) {
            throw StorageException.builder(Kind.RANGE_NOT_SATISFIABLE)
                    .objectSize(stored.size())
                    .message(range + " is not within a source of " + stored.size() + " bytes")
                    .build();
        }
        return stored.bytes().slice(offset, range.lengthIn(stored.size()));
    }

    private void checkNumber(int number) {
        if (number < 1 || number > service.limits().partCount()) {
            throw Service.invalid(
                    "parts are numbered from 1 to " + service.limits().partCount() + ", not " + number);
        }
    }

    /** Keeps a part whose bytes are reserved; releases those of the part that it replaces. */
    private Part hold(Upload upload, int number, Content content, Checksum crc32c) {
        boolean held = false;
        try {
            Part part = space.atomically(() -> {
                OpenUpload open = find(upload);
                String tag = "p%016x".formatted(space.nextSequence());
                OpenUpload.Held fresh = new OpenUpload.Held(number, tag, content, crc32c);
                OpenUpload.Held old = open.parts.put(number, fresh);
                if (old != null) {
                    space.release(old.content().size());
                }
                return fresh.part();
            });
            held = true;
            return part;
        } finally {
            if (!held) {
                space.release(content.size());
            }
        }
    }

    @Override
    public ObjectInfo complete(Complete request, Call call) {
        service.enter(request.upload().key(), call);
        service.require(request.condition(), Capability.COMPLETE_IF_ABSENT, Capability.COMPLETE_IF_REVISION);
        List<OpenUpload.Held> chosen = space.atomically(() -> choose(find(request.upload()), request));
        Content content =
                Content.join(chosen.stream().map(OpenUpload.Held::content).toList());
        if (content.size() != request.size()) {
            throw Service.invalid("the parts have " + content.size() + " bytes, " + request.size() + " were announced");
        }
        Service.atMost("bytes in one object", content.size(), service.limits().objectBytes());
        Checksum crc32c = content.crc32c();
        Checksum announced = request.checksum();
        // The service's own digest is CRC32C; another one that is announced it neither compares nor claims to have
        // compared.
        boolean compared = announced != null && announced.algorithm() == Checksum.Algorithm.CRC32C;
        if (announced != null && compared && !crc32c.equals(announced)) {
            throw StorageException.builder(Kind.INTEGRITY)
                    .message("the parts together have CRC32C %s, but %s was announced; nothing was published"
                            .formatted(crc32c.hex(), announced.hex()))
                    .build();
        }
        return space.atomically(() -> publish(request, chosen, content, crc32c)
                .info(
                        request.upload().key(),
                        space.showsVersions(),
                        compared ? Verification.WHOLE : Verification.UNVERIFIED));
    }

    private List<OpenUpload.Held> choose(OpenUpload upload, Complete request) {
        List<OpenUpload.Held> chosen = new ArrayList<>();
        int before = 0;
        for (Part part : request.parts()) {
            OpenUpload.Held held = upload.parts.get(part.number());
            if (held == null || !held.tag().equals(part.tag())) {
                throw Service.invalid("part " + part.number() + " with tag " + part.tag() + " is not held");
            }
            if (part.number() <= before) {
                throw Service.invalid("part " + part.number() + " comes behind part " + before);
            }
            before = part.number();
            chosen.add(held);
        }
        checkSizes(upload, chosen);
        return chosen;
    }

    private void checkSizes(OpenUpload upload, List<OpenUpload.Held> parts) {
        if (parts.isEmpty()) {
            throw Service.invalid("an upload needs at least one part");
        }
        Limits limits = service.limits();
        long first = parts.get(0).content().size();
        for (int i = 0; i < parts.size(); i++) {
            long size = parts.get(i).content().size();
            boolean last = i == parts.size() - 1;
            if (!last && size < limits.partMinBytes()) {
                throw Service.invalid("part %d has %d bytes; all but the last need %d"
                        .formatted(parts.get(i).number(), size, limits.partMinBytes()));
            }
            if (!last && size % limits.partAlignment() != 0) {
                throw Service.invalid("part %d has %d bytes, no multiple of %d"
                        .formatted(parts.get(i).number(), size, limits.partAlignment()));
            }
            if (limits.equalParts() && (last ? size > first : size != first)) {
                throw Service.invalid("part %d has %d bytes and the first has %d; all but the last must be equal"
                        .formatted(parts.get(i).number(), size, first));
            }
            if (upload.partBytes > 0 && !last && size != upload.partBytes) {
                throw Service.invalid("part %d has %d bytes; the upload began with %d"
                        .formatted(parts.get(i).number(), size, upload.partBytes));
            }
        }
    }

    private Stored publish(Complete request, List<OpenUpload.Held> chosen, Content content, Checksum crc32c) {
        OpenUpload upload = find(request.upload());
        for (OpenUpload.Held held : chosen) {
            // The same number may have been put again while the digest was computed; it then has another tag.
            OpenUpload.Held now = upload.parts.get(held.number());
            if (now == null || !now.tag().equals(held.tag())) {
                throw Service.invalid("part " + held.number() + " was replaced while the upload was completed");
            }
        }
        long leftOver = upload.heldBytes() - content.size();
        Stored stored = space.write(upload.key, content, upload.attributes, Map.of(), crc32c, request.condition());
        space.uploadsById().remove(upload.id());
        space.release(leftOver);
        return stored;
    }

    @Override
    public void abort(Upload upload, Call call) {
        service.enter(upload.key(), call);
        space.change(() -> {
            OpenUpload open = space.uploadsById().get(upload.uploadId());
            if (open != null && open.key.equals(upload.key())) {
                space.uploadsById().remove(upload.uploadId());
                space.release(open.heldBytes());
            }
        });
    }

    @Override
    public PartPage parts(Upload upload, int afterNumber, Call call) {
        service.enter(upload.key(), call);
        return space.atomically(() -> {
            List<Part> rest = find(upload).parts.tailMap(afterNumber, false).values().stream()
                    .limit(service.limits().listPage() + 1L)
                    .map(OpenUpload.Held::part)
                    .toList();
            boolean more = rest.size() > service.limits().listPage();
            return new PartPage(more ? rest.subList(0, rest.size() - 1) : rest, more);
        });
    }

    @Override
    public UploadPage uploads(String prefix, @Nullable String pageToken, Call call) {
        service.enter(call);
        PageToken token = pageToken == null ? null : PageToken.parse(pageToken, "" + PageToken.UPLOAD);
        return space.atomically(() -> {
            List<OpenUpload> rest = space.uploadsById().values().stream()
                    .filter(upload -> upload.key.startsWith(prefix))
                    .filter(upload -> token == null || isBehind(upload, token))
                    .sorted(ORDER)
                    .limit(service.limits().listPage() + 1L)
                    .toList();
            int shown = Math.min(rest.size(), service.limits().listPage());
            String next = shown == rest.size() ? null : token(rest.get(shown - 1));
            return new UploadPage(
                    rest.subList(0, shown).stream().map(OpenUpload::describe).toList(), next);
        });
    }

    private static boolean isBehind(OpenUpload upload, PageToken token) {
        int byKey = Keys.UTF8_ORDER.compare(upload.key, token.key());
        return byKey > 0 || (byKey == 0 && upload.sequence > token.number());
    }

    private static String token(OpenUpload upload) {
        return new PageToken(PageToken.UPLOAD, upload.sequence, upload.key).text();
    }

    private OpenUpload find(Upload upload) {
        OpenUpload open = space.uploadsById().get(upload.uploadId());
        if (open == null || !open.key.equals(upload.key())) {
            throw StorageException.builder(Kind.NOT_FOUND)
                    .key(upload.key())
                    .message("no upload " + upload.uploadId() + " of this key is open")
                    .build();
        }
        return open;
    }
}
