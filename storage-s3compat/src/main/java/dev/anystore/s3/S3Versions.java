package dev.anystore.s3;

import dev.anystore.spi.Call;
import dev.anystore.spi.Versions;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Older versions, where the bucket keeps them. */
final class S3Versions implements Versions {
    private final S3Client client;

    S3Versions(S3Client client) {
        this.client = client;
    }

    @Override
    public Page list(String prefix, int pageSize, @Nullable String pageToken, Call call) {
        S3Request get = S3Request.bucket("GET")
                .query("versions", "")
                .query("encoding-type", "url")
                .query("max-keys", Integer.toString(pageSize))
                .query("prefix", prefix);
        if (pageToken != null) {
            int split = pageToken.indexOf('\n');
            get.query("key-marker", pageToken.substring(split + 1));
            if (split > 0) {
                get.query("version-id-marker", pageToken.substring(0, split));
            }
        }
        return client.read(get, call, "ListVersionsResult", (xml, answer) -> page(xml, pageToken));
    }

    private static Page page(XmlReader xml, @Nullable String pageToken) throws IOException {
        List<Version> raw = new ArrayList<>();
        boolean truncated = false;
        boolean encoded = false;
        String nextKey = "";
        String nextVersion = "";
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "Version" -> raw.add(version(xml, false));
                case "DeleteMarker" -> raw.add(version(xml, true));
                case "IsTruncated" -> truncated = xml.flag();
                case "EncodingType" -> encoded = xml.text().equalsIgnoreCase("url");
                case "NextKeyMarker" -> nextKey = xml.text();
                case "NextVersionIdMarker" -> nextVersion = xml.text();
                default -> xml.skip();
            }
        }
        List<Version> versions = new ArrayList<>(raw.size());
        for (Version one : raw) {
            versions.add(new Version(
                    S3Listing.decoded(one.key(), encoded),
                    one.versionId(),
                    one.size(),
                    one.lastModified(),
                    one.revision(),
                    one.current(),
                    one.deleteMarker()));
        }
        String token = null;
        if (truncated) {
            // The last entry is where the next page begins; the elements that say so are not encoded by Ceph.
            Version last = versions.isEmpty() ? null : versions.get(versions.size() - 1);
            token = last == null
                    ? nextVersion + '\n' + S3Listing.decoded(nextKey, encoded)
                    : last.versionId() + '\n' + last.key();
            if (token.equals("\n") || token.equals(pageToken)) {
                throw new XmlReader.MalformedXml("the list of versions does not advance");
            }
        }
        return new Page(List.copyOf(versions), token);
    }

    private static Version version(XmlReader xml, boolean deleteMarker) throws IOException {
        String key = "";
        String id = "";
        long size = 0;
        Instant modified = Instant.EPOCH;
        String tag = "";
        boolean current = false;
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "Key" -> key = xml.text();
                case "VersionId" -> id = xml.text();
                case "Size" -> size = xml.number();
                case "LastModified" -> modified = xml.time();
                case "ETag" -> tag = S3Text.unquoted(xml.text().trim());
                case "IsLatest" -> current = xml.flag();
                default -> xml.skip();
            }
        }
        return new Version(key, id, size, modified, tag, current, deleteMarker);
    }
}
