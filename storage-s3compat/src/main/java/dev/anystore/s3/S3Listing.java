package dev.anystore.s3;

import dev.anystore.Keys;
import dev.anystore.ListEntry;
import dev.anystore.ListPage;
import dev.anystore.StorageException;
import dev.anystore.spi.Call;
import dev.anystore.spi.ListRequest;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of a listing, by either version of the request, and the token to the next. */
final class S3Listing {
    /** What tokens of the first version begin with, so that no other text is taken for one. */
    private static final String MARKER = "after:";

    private final S3Client client;
    private final int version;

    S3Listing(S3Client client) {
        this.client = client;
        this.version = client.config().profile().listVersion();
    }

    ListPage list(ListRequest request, Call call) {
        // Keys may hold what XML can't, so they are asked for in percent encoding, always.
        S3Request get = S3Request.bucket("GET")
                .query("encoding-type", "url")
                .query("prefix", request.prefix())
                .query("max-keys", Integer.toString(request.pageSize()))
                .queryIfPresent("delimiter", request.delimiter());
        if (version == 2) {
            get.query("list-type", "2");
            if (request.pageToken() != null) {
                get.query("continuation-token", request.pageToken());
            } else {
                get.queryIfPresent("start-after", request.startAfter());
            }
        } else {
            get.queryIfPresent(
                    "marker", request.pageToken() != null ? marker(request.pageToken()) : request.startAfter());
        }
        return client.read(get, call, "ListBucketResult", (xml, answer) -> page(xml, request));
    }

    private static String marker(String token) {
        if (!token.startsWith(MARKER)) {
            throw StorageException.builder(StorageException.Kind.INVALID_ARGUMENT)
                    .message("the page token is none of this store's")
                    .build();
        }
        return token.substring(MARKER.length());
    }

    private ListPage page(XmlReader xml, ListRequest request) throws IOException {
        List<Raw> raw = new ArrayList<>();
        List<String> rawPrefixes = new ArrayList<>();
        boolean truncated = false;
        boolean encoded = false;
        String next = null;
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "Contents" -> raw.add(entry(xml));
                case "CommonPrefixes" -> prefixes(xml, rawPrefixes);
                case "IsTruncated" -> truncated = xml.flag();
                case "EncodingType" -> encoded = xml.text().equalsIgnoreCase("url");
                case "NextContinuationToken" -> next = xml.text();
                // Not needed where the page has entries, and Ceph's may not be legible.
                case "NextMarker" -> next = xml.textIfKnown();
                default -> xml.skip();
            }
        }
        // Some services ignore the wish for an encoding, and say so by leaving this element out.
        List<ListEntry> objects = new ArrayList<>(raw.size());
        for (Raw one : raw) {
            objects.add(ListEntry.of(decoded(one.key, encoded), one.size, one.modified, one.tag, one.storageClass));
        }
        List<String> prefixes = new ArrayList<>(rawPrefixes.size());
        for (String prefix : rawPrefixes) {
            prefixes.add(decoded(prefix, encoded));
        }
        String token = truncated ? token(next, encoded, objects, prefixes) : null;
        if (token != null && token.equals(request.pageToken())) {
            throw new XmlReader.MalformedXml("the listing does not advance");
        }
        return ListPage.of(objects, prefixes, token);
    }

    /**
     * Where the next page begins. In the first version that is the last entry of this one; the element that names it is
     * there with a delimiter only, and Ceph does not encode it.
     */
    private String token(@Nullable String next, boolean encoded, List<ListEntry> objects, List<String> prefixes)
            throws IOException {
        String token;
        if (version == 2) {
            token = next;
        } else if (objects.isEmpty() && prefixes.isEmpty()) {
            token = next == null ? null : decoded(next, encoded);
        } else {
            String lastKey =
                    objects.isEmpty() ? "" : objects.get(objects.size() - 1).key();
            String lastPrefix = prefixes.isEmpty() ? "" : prefixes.get(prefixes.size() - 1);
            token = Keys.UTF8_ORDER.compare(lastKey, lastPrefix) > 0 ? lastKey : lastPrefix;
        }
        if (token == null || token.isEmpty()) {
            throw new XmlReader.MalformedXml("the listing says that more follows, but not where");
        }
        return version == 2 ? token : MARKER + token;
    }

    /** An entry as it came. */
    private record Raw(
            String key,
            long size,
            Instant modified,
            String tag,
            @Nullable String storageClass) {}

    private static Raw entry(XmlReader xml) throws IOException {
        String key = null;
        long size = -1;
        Instant modified = Instant.EPOCH;
        String tag = "";
        String storageClass = null;
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "Key" -> key = xml.text();
                case "Size" -> size = xml.number();
                case "LastModified" -> modified = xml.time();
                case "ETag" -> tag = S3Text.unquoted(xml.text().trim());
                case "StorageClass" -> storageClass = xml.text().trim();
                default -> xml.skip();
            }
        }
        if (key == null || size < 0) {
            throw new XmlReader.MalformedXml("an entry of the listing has no key or no size");
        }
        return new Raw(key, size, modified, tag, storageClass == null || storageClass.isEmpty() ? null : storageClass);
    }

    private static void prefixes(XmlReader xml, List<String> into) throws IOException {
        while (xml.nextChild()) {
            if (xml.name().equals("Prefix")) {
                into.add(xml.text());
            } else {
                xml.skip();
            }
        }
    }

    /** A name as the service meant it. */
    static String decoded(String text, boolean encoded) throws IOException {
        if (!encoded) {
            return text;
        }
        try {
            return PercentEncoding.decode(text);
        } catch (CharacterCodingException e) {
            throw new XmlReader.MalformedXml("a key of the listing is not percent-encoded UTF-8");
        }
    }
}
