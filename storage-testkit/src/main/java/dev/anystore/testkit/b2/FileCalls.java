package dev.anystore.testkit.b2;

import dev.anystore.Keys;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The calls about files: listings, hiding, deleting, copies, links. Within the account's lock. */
final class FileCalls {
    private static final int LONGEST_SHARE = 604_800;

    private final Account account;

    FileCalls(Account account) {
        this.account = account;
    }

    Object info(Asked asked) {
        StoredFile file = account.file(asked.required("fileId"));
        account.authorized(asked.token(), "readFiles", file.bucket.id, file.name);
        return file.document();
    }

    Object hide(Asked asked) {
        StoredBucket bucket = account.bucket(asked.required("bucketId"));
        String name = asked.required("fileName");
        account.authorized(asked.token(), "writeFiles", bucket.id, name);
        List<StoredFile> versions = bucket.files.getOrDefault(name, List.of()).stream()
                .filter(file -> !file.is("start"))
                .toList();
        if (versions.isEmpty()) {
            throw new Refused(404, "no_such_file", "file_not_present: " + name);
        }
        if (versions.get(0).is("hide")) {
            throw new Refused(400, "already_hidden", "file already hidden: " + name);
        }
        StoredFile marker = new StoredFile(
                bucket,
                account.newFileId(bucket),
                name,
                account.timestamp(),
                "hide",
                "",
                "",
                Map.of(),
                Content.EMPTY,
                null);
        account.keep(marker);
        return marker.document();
    }

    Object deleteVersion(Asked asked) {
        String name = asked.required("fileName");
        StoredFile file = account.files.get(asked.required("fileId"));
        if (file == null || !file.name.equals(name)) {
            account.authorized(asked.token());
            throw new Refused(400, "file_not_present", "file_not_present: " + name);
        }
        account.authorized(asked.token(), "deleteFiles", file.bucket.id, name);
        account.forget(file);
        return Map.of("fileId", file.id, "fileName", file.name);
    }

    Object share(Asked asked) {
        StoredBucket bucket = account.bucket(asked.required("bucketId"));
        String text = asked.text("fileNamePrefix");
        String prefix = text == null ? "" : text;
        account.authorized(asked.token(), "shareFiles", bucket.id, prefix);
        int seconds = asked.count("validDurationInSeconds", 1, LONGEST_SHARE);
        Map<String, String> overrides = new TreeMap<>();
        asked.members().forEach((name, value) -> {
            if (name.startsWith("b2") && value != null) {
                overrides.put(name, String.valueOf(value));
            }
        });
        String token = "3_share_%08x".formatted(account.next());
        account.shares.put(
                token, new Account.Share(bucket.id, prefix, Instant.now().plusSeconds(seconds), Map.copyOf(overrides)));
        return Map.of("bucketId", bucket.id, "fileNamePrefix", prefix, "authorizationToken", token);
    }

    Object copy(Asked asked) throws IOException {
        StoredFile source = account.file(asked.required("sourceFileId"));
        String to = asked.text("destinationBucketId");
        StoredBucket target = to == null ? source.bucket : account.bucket(to);
        String name = asked.required("fileName");
        Account.Key key = account.authorized(asked.token(), "writeFiles", target.id, name);
        Account.checkMay(key, "readFiles", source.bucket.id, source.name);
        Account.checkName(name);
        boolean replace = "REPLACE".equals(asked.text("metadataDirective"));
        if (!source.is("upload") || (replace == (asked.text("contentType") == null))) {
            throw Refused.badRequest("a copy replaces both content type and file info, or neither");
        }
        LargeFileCalls.checkKey(source, asked.map("sourceServerSideEncryption"));
        Map<String, String> info = replace ? texts(asked.map("fileInfo")) : source.info;
        Account.checkInfo(name, info);
        Content content = LargeFileCalls.range(source.content, asked.text("range"));
        // Whoever copies a large file gets one with a digest of its own.
        StoredFile copied = new StoredFile(
                target,
                account.newFileId(target),
                name,
                account.timestamp(),
                "upload",
                replace ? asked.required("contentType") : source.contentType,
                sha1(content),
                info,
                content,
                LargeFileCalls.encryption(asked.map("destinationServerSideEncryption")));
        account.keep(copied);
        Map<String, @Nullable Object> answer = copied.document();
        answer.put("action", "copy");
        return answer;
    }

    static Map<String, String> texts(Map<String, Object> raw) {
        Map<String, String> texts = new TreeMap<>();
        raw.forEach((name, value) -> texts.put(name.toLowerCase(java.util.Locale.ROOT), String.valueOf(value)));
        return texts;
    }

    static String sha1(Content content) throws IOException {
        MessageDigest digest = sha1();
        content.writeTo(new java.security.DigestOutputStream(java.io.OutputStream.nullOutputStream(), digest));
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-1", e);
        }
    }

    // ---- listings

    /** One row: a version, or what was folded. */
    private record Row(String name, @Nullable StoredFile file) {
        Map<String, @Nullable Object> document(int version) {
            if (file != null) {
                Map<String, @Nullable Object> document = file.document();
                if (version == 1) {
                    // The name that it had in the first version.
                    document.put("size", file.content.length());
                }
                return document;
            }
            Map<String, @Nullable Object> folder = new LinkedHashMap<>();
            folder.put("action", "folder");
            folder.put("contentLength", 0L);
            folder.put("contentSha1", null);
            folder.put("contentType", null);
            folder.put("fileId", null);
            folder.put("fileInfo", Map.of());
            folder.put("fileName", name);
            folder.put("uploadTimestamp", 0L);
            return folder;
        }
    }

    Object names(Asked asked) {
        return list(asked, false);
    }

    Object versions(Asked asked) {
        return list(asked, true);
    }

    private Object list(Asked asked, boolean versions) {
        StoredBucket bucket = account.bucket(asked.required("bucketId"));
        String prefix = asked.text("prefix") == null ? "" : asked.required("prefix");
        account.authorized(asked.token(), "listFiles", bucket.id, prefix);
        int most = asked.count("maxFileCount", 100, 10_000);
        String startName = asked.text("startFileName");
        String startId = asked.text("startFileId");
        String delimiter = asked.text("delimiter");
        String from = startName == null || Keys.UTF8_ORDER.compare(startName, prefix) < 0 ? prefix : startName;
        List<Row> rows = new ArrayList<>();
        String folded = null;
        boolean begun = startId == null;
        for (Map.Entry<String, List<StoredFile>> entry :
                bucket.files.tailMap(from, true).entrySet()) {
            String name = entry.getKey();
            if (!name.startsWith(prefix) || rows.size() > most) {
                break;
            }
            int cut = delimiter == null ? -1 : name.indexOf(delimiter, prefix.length());
            String folder = delimiter == null || cut < 0 ? null : name.substring(0, cut + delimiter.length());
            if (folder != null && folder.equals(folded)) {
                continue;
            }
            StoredFile current = bucket.current(name);
            if (!versions && current == null) {
                continue;
            }
            if (folder != null) {
                folded = folder;
                rows.add(new Row(folder, null));
            } else if (!versions) {
                rows.add(new Row(name, current));
            } else {
                for (StoredFile file : entry.getValue()) {
                    begun |= !name.equals(startName) || file.id.equals(startId);
                    if (begun) {
                        rows.add(new Row(name, file));
                    }
                }
            }
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        Row next = rows.size() > most ? rows.get(most) : null;
        answer.put(
                "files",
                rows.stream()
                        .limit(most)
                        .map(row -> row.document(asked.version()))
                        .toList());
        answer.put("nextFileName", next == null ? null : next.name());
        if (versions) {
            answer.put("nextFileId", next == null || next.file() == null ? null : next.file().id);
        }
        return answer;
    }
}
