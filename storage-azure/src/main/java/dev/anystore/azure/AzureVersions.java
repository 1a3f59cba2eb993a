package dev.anystore.azure;

import dev.anystore.StorageException;
import dev.anystore.spi.Call;
import dev.anystore.spi.Versions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Older versions, where the account keeps them, and snapshots, which somebody made. The one is named by its time, the other
 * by {@code snapshot:} and its time. A deleted object leaves no marker: there is none that is current.
 */
final class AzureVersions implements Versions {
    private static final String SNAPSHOT = "snapshot:";

    private final AzureClient client;

    AzureVersions(AzureClient client) {
        this.client = client;
    }

    /** Adds the version to a request, if one is meant. */
    static void name(@Nullable String version, AzureRequest request) {
        if (version == null) {
            return;
        }
        if (version.isEmpty() || version.length() > 64 || version.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw StorageException.builder(StorageException.Kind.INVALID_ARGUMENT)
                    .message("the version is none of Azure's, which are times, or snapshot: and a time")
                    .build();
        }
        if (version.startsWith(SNAPSHOT)) {
            request.query("snapshot", version.substring(SNAPSHOT.length()));
        } else {
            request.query("versionid", version);
        }
    }

    @Override
    public Page list(String prefix, int pageSize, @Nullable String pageToken, Call call) {
        AzureListing.Raw page =
                new AzureListing(client).raw(prefix, null, pageSize, pageToken, "versions,snapshots", call);
        List<Version> versions = new ArrayList<>(page.blobs().size());
        for (AzureListing.Blob blob : page.blobs()) {
            boolean snapshot = blob.snapshot() != null;
            String id = snapshot ? SNAPSHOT + blob.snapshot() : blob.version() == null ? "" : blob.version();
            boolean current = !snapshot && (blob.current() || blob.version() == null);
            versions.add(new Version(blob.name(), id, blob.size(), blob.modified(), blob.tag(), current, false));
        }
        // The service has the oldest first.
        versions.sort(Comparator.comparing(Version::key, dev.anystore.Keys.UTF8_ORDER)
                .thenComparing(Comparator.comparing(Version::current).reversed())
                .thenComparing(Comparator.comparing(AzureVersions::time).reversed()));
        return new Page(List.copyOf(versions), page.next());
    }

    private static String time(Version version) {
        String id = version.versionId();
        return id.startsWith(SNAPSHOT) ? id.substring(SNAPSHOT.length()) : id;
    }
}
