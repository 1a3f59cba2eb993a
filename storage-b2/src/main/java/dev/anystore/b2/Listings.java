package dev.anystore.b2;

import com.backblaze.b2.client.structures.B2FileVersion;
import com.backblaze.b2.client.structures.B2ListFileNamesRequest;
import com.backblaze.b2.client.structures.B2ListFileNamesResponse;
import dev.anystore.Keys;
import dev.anystore.ListEntry;
import dev.anystore.ListPage;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Call;
import dev.anystore.spi.ListRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing, and where the next one begins. One request; the service counts one of its class C for each thousand
 * names that are asked for.
 */
final class Listings {
    /** What page tokens begin with, so that no other text is taken for one. */
    private static final String FROM = "from:";

    private final B2Client client;

    Listings(B2Client client) {
        this.client = client;
    }

    ListPage list(ListRequest request, Call call) {
        String restricted = within(client, request.prefix(), call);
        String delimiter = request.delimiter();
        String folded = delimiter == null ? null : fold(restricted, request.prefix(), delimiter);
        if (folded != null) {
            return onlyFolder(request, restricted, folded, call);
        }
        String bucket = client.authorizations().bucketId(call);
        B2ListFileNamesRequest.Builder names =
                B2ListFileNamesRequest.builder(bucket).setPrefix(restricted).setMaxFileCount(request.pageSize());
        String start = start(request);
        if (start != null && Keys.UTF8_ORDER.compare(start, restricted) > 0) {
            names.setStartFileName(start);
        }
        if (delimiter != null) {
            names.setDelimiter(delimiter);
        }
        B2ListFileNamesResponse answer = client.ask(call, (api, account) -> api.listFileNames(account, names.build()));
        List<ListEntry> objects = new ArrayList<>(answer.getFiles().size());
        List<String> prefixes = new ArrayList<>();
        for (B2FileVersion file : answer.getFiles()) {
            if (file.isFolder()) {
                prefixes.add(file.getFileName());
            } else {
                objects.add(ListEntry.of(
                        file.getFileName(),
                        file.getContentLength(),
                        Instant.ofEpochMilli(file.getUploadTimestamp()),
                        file.getFileId(),
                        null));
            }
        }
        String next = answer.getNextFileName();
        if (next != null && (next.isEmpty() || next.equals(start))) {
            throw doesNotAdvance("listing");
        }
        return ListPage.of(objects, prefixes, next == null ? null : FROM + next);
    }

    static StorageException doesNotAdvance(String what) {
        return StorageException.builder(Kind.PROTOCOL)
                .message("the service's " + what + " does not advance")
                .build();
    }

    /** Where the service begins, itself included; behind a name comes the same with a blank, as names have nothing below it. */
    private static @Nullable String start(ListRequest request) {
        String token = request.pageToken();
        if (token != null) {
            if (!token.startsWith(FROM)) {
                throw StorageException.builder(Kind.INVALID_ARGUMENT)
                        .message("the page token is none of this store's")
                        .build();
            }
            return token.substring(FROM.length());
        }
        return request.startAfter() == null ? null : request.startAfter() + ' ';
    }

    /**
     * What may be listed of this prefix: all of it, or the part that the application key is for.
     *
     * @throws StorageException of kind {@code ACCESS_DENIED} if it is for none of it
     */
    static String within(B2Client client, String prefix, Call call) {
        String only = client.authorizations().namePrefix(call);
        if (prefix.startsWith(only)) {
            return prefix;
        }
        if (only.startsWith(prefix)) {
            return only;
        }
        client.authorizations().checkName(prefix, call);
        return prefix;
    }

    /** What everything that the application key is for is folded to, if it is one folder. */
    private static @Nullable String fold(String restricted, String prefix, String delimiter) {
        int cut = restricted.indexOf(delimiter, prefix.length());
        return cut < 0 ? null : restricted.substring(0, cut + delimiter.length());
    }

    /** There can be only this one folder, and it is there if anything is in it. */
    private ListPage onlyFolder(ListRequest request, String restricted, String folder, Call call) {
        String start = start(request);
        if (request.pageToken() != null || (start != null && Keys.UTF8_ORDER.compare(start, folder) > 0)) {
            return ListPage.of(List.of(), List.of(), null);
        }
        String bucket = client.authorizations().bucketId(call);
        B2ListFileNamesResponse answer = client.ask(
                call,
                (api, account) -> api.listFileNames(
                        account,
                        B2ListFileNamesRequest.builder(bucket)
                                .setPrefix(restricted)
                                .setMaxFileCount(1)
                                .build()));
        return ListPage.of(List.of(), answer.getFiles().isEmpty() ? List.of() : List.of(folder), null);
    }
}
