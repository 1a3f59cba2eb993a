package dev.anystore.azure;

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

/** One page of a listing, and the token to the next. */
final class AzureListing {
    /** What our tokens begin with, so that no other text is taken for one. */
    private static final String TOKEN = "azure:";

    private final AzureClient client;

    AzureListing(AzureClient client) {
        this.client = client;
    }

    /** One blob as it came. */
    record Blob(
            String name,
            long size,
            Instant modified,
            String tag,
            @Nullable String tier,
            String type,
            @Nullable String version,
            @Nullable String snapshot,
            boolean current,
            boolean deleted) {
        boolean isBlock() {
            return type.isEmpty() || type.equals("BlockBlob");
        }
    }

    /** A page as it came; {@code next} is a token of ours. */
    record Raw(
            List<Blob> blobs,
            List<String> prefixes,
            @Nullable String next) {}

    /** One page. Azure can't begin behind a key, so that all before it is read and passed over, page by page. */
    ListPage list(ListRequest request, Call call) {
        String token = request.pageToken();
        String after = request.startAfter();
        while (true) {
            Raw page = raw(request.prefix(), request.delimiter(), request.pageSize(), token, null, call);
            ListPage shown = shown(page, after);
            boolean empty = shown.objects().isEmpty() && shown.prefixes().isEmpty();
            if (!empty || page.next() == null || after == null) {
                return shown;
            }
            call.check();
            token = page.next();
        }
    }

    private static ListPage shown(Raw page, @Nullable String after) {
        List<ListEntry> objects = new ArrayList<>(page.blobs().size());
        for (Blob blob : page.blobs()) {
            if (after == null || Keys.UTF8_ORDER.compare(blob.name(), after) > 0) {
                objects.add(ListEntry.of(blob.name(), blob.size(), blob.modified(), blob.tag(), blob.tier()));
            }
        }
        List<String> prefixes = page.prefixes();
        if (after != null) {
            // A folder that the key is in may hold others behind it.
            prefixes = prefixes.stream()
                    .filter(prefix -> Keys.UTF8_ORDER.compare(prefix, after) > 0 || after.startsWith(prefix))
                    .toList();
        }
        return ListPage.of(objects, prefixes, page.next());
    }

    /** One request. */
    Raw raw(
            String prefix,
            @Nullable String delimiter,
            int pageSize,
            @Nullable String token,
            @Nullable String include,
            Call call) {
        if (token != null && !token.startsWith(TOKEN)) {
            throw StorageException.builder(StorageException.Kind.INVALID_ARGUMENT)
                    .message("the page token is none of this store's")
                    .build();
        }
        AzureRequest get = AzureRequest.container("GET", Right.LIST)
                .query("comp", "list")
                .query("maxresults", Integer.toString(pageSize))
                .queryIfPresent("prefix", prefix.isEmpty() ? null : prefix)
                .queryIfPresent("delimiter", delimiter)
                .queryIfPresent("include", include)
                .queryIfPresent("marker", token == null ? null : token.substring(TOKEN.length()));
        return client.read(get, call, "EnumerationResults", (xml, answer) -> {
            List<Blob> blobs = new ArrayList<>();
            List<String> prefixes = new ArrayList<>();
            String next = "";
            while (xml.nextChild()) {
                switch (xml.name()) {
                    case "Blobs" -> blobs(xml, blobs, prefixes);
                    case "NextMarker" -> next = xml.text();
                    default -> xml.skip();
                }
            }
            String following = next.isEmpty() ? null : TOKEN + next;
            if (following != null && following.equals(token)) {
                throw new XmlReader.MalformedXml("the listing does not advance");
            }
            return new Raw(blobs, prefixes, following);
        });
    }

    private static void blobs(XmlReader xml, List<Blob> blobs, List<String> prefixes) throws IOException {
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "Blob" -> {
                    Blob blob = blob(xml);
                    if (!blob.deleted()) {
                        blobs.add(blob);
                    }
                }
                case "BlobPrefix" -> {
                    while (xml.nextChild()) {
                        if (xml.name().equals("Name")) {
                            prefixes.add(name(xml));
                        } else {
                            xml.skip();
                        }
                    }
                }
                default -> xml.skip();
            }
        }
    }

    private static Blob blob(XmlReader xml) throws IOException {
        String name = null;
        String version = null;
        String snapshot = null;
        boolean current = false;
        boolean deleted = false;
        Properties properties = new Properties();
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "Name" -> name = name(xml);
                case "VersionId" -> version = xml.text().trim();
                case "Snapshot" -> snapshot = xml.text().trim();
                case "IsCurrentVersion" -> current = xml.flag();
                case "Deleted" -> deleted = xml.flag();
                case "Properties" -> properties.read(xml);
                default -> xml.skip();
            }
        }
        if (name == null || properties.size < 0) {
            throw new XmlReader.MalformedXml("an entry of the listing has no name or no size");
        }
        return new Blob(
                name,
                properties.size,
                properties.modified,
                properties.tag,
                properties.tier,
                properties.type,
                present(version),
                present(snapshot),
                current,
                deleted);
    }

    private static @Nullable String present(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    /** What XML can't write comes in percent encoding, and says so. */
    private static String name(XmlReader xml) throws IOException {
        boolean encoded = "true".equalsIgnoreCase(xml.attribute("Encoded"));
        String text = xml.text();
        if (!encoded) {
            return text;
        }
        try {
            return PercentEncoding.decode(text);
        } catch (CharacterCodingException e) {
            throw new XmlReader.MalformedXml("a name of the listing is not percent-encoded UTF-8");
        }
    }

    private static final class Properties {
        private long size = -1;
        private Instant modified = Instant.EPOCH;
        private String tag = "";
        private String type = "";
        private @Nullable String tier;

        void read(XmlReader xml) throws IOException {
            while (xml.nextChild()) {
                switch (xml.name()) {
                    case "Content-Length" -> size = xml.number();
                    case "Last-Modified" -> modified = xml.time();
                    case "Etag" -> tag = AzureText.unquoted(xml.text().trim());
                    case "BlobType" -> type = xml.text().trim();
                    case "AccessTier" -> tier = xml.text().trim();
                    default -> xml.skip();
                }
            }
        }
    }
}
