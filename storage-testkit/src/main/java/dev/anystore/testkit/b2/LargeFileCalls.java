package dev.anystore.testkit.b2;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The calls about large files that are not finished. Within the account's lock. */
final class LargeFileCalls {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})");

    private final Account account;

    LargeFileCalls(Account account) {
        this.account = account;
    }

    Object start(Asked asked) {
        StoredBucket bucket = account.bucket(asked.required("bucketId"));
        String name = asked.required("fileName");
        account.authorized(asked.token(), "writeFiles", bucket.id, name);
        Account.checkName(name);
        Map<String, String> info = FileCalls.texts(asked.map("fileInfo"));
        Account.checkInfo(name, info);
        StoredFile file = new StoredFile(
                bucket,
                account.newFileId(bucket),
                name,
                account.timestamp(),
                "start",
                asked.required("contentType"),
                "none",
                info,
                Content.EMPTY,
                encryption(asked.map("serverSideEncryption")));
        account.keep(file);
        return file.document();
    }

    /** The MD5 of a customer's key, or {@code AES256}: the service encrypts by default. */
    static String encryption(Map<String, Object> asked) {
        Object md5 = asked.get("customerKeyMd5");
        return md5 == null ? "AES256" : String.valueOf(md5);
    }

    /** Whether a request that reads has the key of the file. */
    static void checkKey(StoredFile file, Map<String, Object> asked) {
        checkKey(file, asked.get("customerKeyMd5") == null ? null : String.valueOf(asked.get("customerKeyMd5")));
    }

    static void checkKey(StoredFile file, @Nullable String md5) {
        String known = file.encryption;
        boolean customers = known != null && !known.equals("AES256");
        if (!Objects.equals(customers ? known : null, md5)) {
            throw new Refused(
                    customers ? 401 : 400,
                    customers ? "access_denied" : "bad_request",
                    "the encryption key is not that of the file");
        }
    }

    Object finish(Asked asked) {
        StoredFile file = account.unfinished(asked.required("fileId"));
        account.authorized(asked.token(), "writeFiles", file.bucket.id, file.name);
        List<?> wanted = asked.list("partSha1Array");
        List<Content> contents = new ArrayList<>();
        int number = 0;
        for (StoredFile.Part part : file.parts.values()) {
            if (part.number() != ++number || number > wanted.size()) {
                throw Refused.badRequest("part " + number + " is missing, or there are more parts than digests");
            }
            if (!part.sha1().equals(wanted.get(number - 1))) {
                throw Refused.badRequest("sha1 of part " + number + " does not match");
            }
            if (part.content().length() < Account.MIN_PART_BYTES && number < file.parts.size()) {
                throw Refused.badRequest("part " + number + " is smaller than " + Account.MIN_PART_BYTES + " bytes");
            }
            contents.add(part.content());
        }
        if (number < 2 || number != wanted.size()) {
            throw Refused.badRequest("there are " + number + " parts, not " + wanted.size() + ", or less than two");
        }
        file.content = Content.joined(contents);
        file.action = "upload";
        file.parts.clear();
        return file.document();
    }

    Object cancel(Asked asked) {
        StoredFile file = account.unfinished(asked.required("fileId"));
        account.authorized(asked.token(), "writeFiles", file.bucket.id, file.name);
        account.forget(file);
        return Map.of("accountId", Account.ID, "bucketId", file.bucket.id, "fileId", file.id, "fileName", file.name);
    }

    Object parts(Asked asked) {
        StoredFile file = account.unfinished(asked.required("fileId"));
        account.authorized(asked.token(), "writeFiles", file.bucket.id, file.name);
        int most = asked.count("maxPartCount", 100, 10_000);
        int from = asked.count("startPartNumber", 1, 10_000);
        List<StoredFile.Part> rest = List.copyOf(file.parts.tailMap(from, true).values());
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put(
                "parts",
                rest.stream().limit(most).map(part -> document(file, part)).toList());
        answer.put("nextPartNumber", rest.size() > most ? (long) rest.get(most).number() : null);
        return answer;
    }

    static Map<String, @Nullable Object> document(StoredFile file, StoredFile.Part part) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("contentLength", part.content().length());
        document.put("contentMd5", null);
        document.put("contentSha1", part.sha1());
        document.put("fileId", file.id);
        document.put("partNumber", (long) part.number());
        document.put("uploadTimestamp", part.timestamp());
        return document;
    }

    Object unfinished(Asked asked) {
        StoredBucket bucket = account.bucket(asked.required("bucketId"));
        String prefix = asked.text("namePrefix") == null ? "" : asked.required("namePrefix");
        account.authorized(asked.token(), "listFiles", bucket.id, prefix);
        int most = asked.count("maxFileCount", 100, 100);
        String from = asked.text("startFileId");
        List<StoredFile> rest = account.files.values().stream()
                .filter(file -> file.bucket == bucket && file.is("start") && file.name.startsWith(prefix))
                .filter(file -> from == null || file.id.compareTo(from) >= 0)
                .sorted(Comparator.comparing(file -> file.id))
                .toList();
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("files", rest.stream().limit(most).map(StoredFile::document).toList());
        answer.put("nextFileId", rest.size() > most ? rest.get(most).id : null);
        return answer;
    }

    Object copyPart(Asked asked) throws IOException {
        StoredFile source = account.file(asked.required("sourceFileId"));
        StoredFile file = account.unfinished(asked.required("largeFileId"));
        Account.Key key = account.authorized(asked.token(), "writeFiles", file.bucket.id, file.name);
        Account.checkMay(key, "readFiles", source.bucket.id, source.name);
        checkKey(source, asked.map("sourceServerSideEncryption"));
        Content content = range(source.content, asked.text("range"));
        StoredFile.Part part = new StoredFile.Part(
                asked.count("partNumber", 0, 10_000), FileCalls.sha1(content), content, account.timestamp());
        file.parts.put(part.number(), part);
        return document(file, part);
    }

    static Content range(Content content, @Nullable String range) {
        if (range == null) {
            return content;
        }
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches()) {
            throw Refused.badRequest("bad range: " + range);
        }
        long first = Long.parseLong(matcher.group(1));
        long last = Long.parseLong(matcher.group(2));
        if (first > last || last >= content.length()) {
            throw new Refused(416, "range_not_satisfiable", "the range is outside of the file");
        }
        return content.slice(first, last - first + 1);
    }
}
