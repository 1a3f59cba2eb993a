package dev.anystore.b2;

import com.backblaze.b2.client.structures.B2FileVersion;
import com.backblaze.b2.client.structures.B2ListFileVersionsRequest;
import com.backblaze.b2.client.structures.B2ListFileVersionsResponse;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Call;
import dev.anystore.spi.Versions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All versions, the newest of a name first; markers that hide a file are among them, unfinished large files are not. The page's
 * token has the id of the next version, whether its name has been seen before, and the name.
 */
final class B2Versions implements Versions {
    private static final char SEEN = '+';
    private static final char NEW = '-';

    private final B2Client client;

    B2Versions(B2Client client) {
        this.client = client;
    }

    @Override
    public Page list(String prefix, int pageSize, @Nullable String pageToken, Call call) {
        String restricted = Listings.within(client, prefix, call);
        String bucket = client.authorizations().bucketId(call);
        B2ListFileVersionsRequest.Builder request =
                B2ListFileVersionsRequest.builder(bucket).setPrefix(restricted).setMaxFileCount(pageSize);
        String seen = null;
        if (pageToken != null) {
            int end = pageToken.indexOf('\n');
            if (end < 1) {
                throw StorageException.builder(Kind.INVALID_ARGUMENT)
                        .message("the page token is none of this store's")
                        .build();
            }
            String name = pageToken.substring(end + 1);
            String id = pageToken.substring(1, end);
            seen = pageToken.charAt(0) == SEEN ? name : null;
            if (id.isEmpty()) {
                request.setStartFileName(name);
            } else {
                request.setStart(name, id);
            }
        }
        B2ListFileVersionsResponse answer =
                client.ask(call, (api, account) -> api.listFileVersions(account, request.build()));
        return page(answer, seen, pageToken);
    }

    private static Page page(B2ListFileVersionsResponse answer, @Nullable String begun, @Nullable String pageToken) {
        List<Version> versions = new ArrayList<>(answer.getFiles().size());
        String seen = begun;
        for (B2FileVersion file : answer.getFiles()) {
            if (!file.isUpload() && !file.isHide()) {
                continue;
            }
            boolean newest = !file.getFileName().equals(seen);
            seen = file.getFileName();
            versions.add(new Version(
                    file.getFileName(),
                    file.getFileId(),
                    file.isHide() ? 0 : file.getContentLength(),
                    Instant.ofEpochMilli(file.getUploadTimestamp()),
                    file.isHide() ? "" : file.getFileId(),
                    newest,
                    file.isHide()));
        }
        String nextName = answer.getNextFileName();
        String nextId = answer.getNextFileId();
        String token = nextName == null
                ? null
                : (nextName.equals(seen) ? SEEN : NEW) + (nextId == null ? "" : nextId) + '\n' + nextName;
        if (token != null && token.equals(pageToken)) {
            throw Listings.doesNotAdvance("list of versions");
        }
        return new Page(List.copyOf(versions), token);
    }
}
