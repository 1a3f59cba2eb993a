package dev.anystore.b2;

import dev.anystore.StorageException;
import dev.anystore.http.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes.
 *
 * @param origin whom it is sent to
 * @param path encoded
 * @param query encoded, or null
 */
record B2Address(Origin origin, String path, @Nullable String query) {
    /**
     * An address that the service named. It gets a token, so it is looked at like one that the user named.
     *
     * @throws StorageException of kind {@code PROTOCOL} if nothing may be sent there
     */
    static B2Address of(String text, boolean allowHttp) {
        String problem;
        try {
            URI uri = new URI(text);
            problem = Hosts.problem(uri, allowHttp);
            if (problem == null) {
                String path = uri.getRawPath();
                return new B2Address(Origin.of(uri), path == null || path.isEmpty() ? "/" : path, uri.getRawQuery());
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            problem = "is no URL";
        }
        throw StorageException.builder(StorageException.Kind.PROTOCOL)
                .message("an address that the service names " + problem)
                .build();
    }

    /** A path below this one. */
    B2Address below(String more, @Nullable String newQuery) {
        String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return new B2Address(origin, base + more, newQuery);
    }

    /** The last segment of the path that names a call. */
    String operation() {
        int at = path.indexOf("/b2_");
        if (at < 0) {
            return "b2_download_file_by_name";
        }
        int end = path.indexOf('/', at + 1);
        return path.substring(at + 1, end < 0 ? path.length() : end);
    }

    /** Without the query, which may hold a token. */
    @Override
    public String toString() {
        return origin + path;
    }
}
