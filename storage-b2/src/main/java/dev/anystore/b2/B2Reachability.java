package dev.anystore.b2;

import com.backblaze.b2.client.structures.B2Allowed;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.ConnectionInfo;
import dev.anystore.http.HttpException;
import dev.anystore.http.HttpResponse;
import dev.anystore.http.Origin;
import dev.anystore.spi.Call;
import dev.anystore.spi.Reachability;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way to the service: one request without a key, made when the first step is taken, whose outcome the first steps share;
 * then the application key, and what it may do. Nothing is signed here, so the clock does not matter.
 */
final class B2Reachability implements Reachability {
    private static final Set<HttpException.Kind> NAME = EnumSet.of(HttpException.Kind.NAME);
    private static final Set<HttpException.Kind> CONNECT = EnumSet.of(
            HttpException.Kind.CONNECT,
            HttpException.Kind.CONNECT_TIMEOUT,
            HttpException.Kind.PROXY,
            HttpException.Kind.PROXY_AUTHENTICATION);
    private static final Set<HttpException.Kind> TLS = EnumSet.of(
            HttpException.Kind.TLS_SETTINGS,
            HttpException.Kind.TLS_UNTRUSTED,
            HttpException.Kind.TLS_HOST_NAME,
            HttpException.Kind.TLS_HANDSHAKE,
            HttpException.Kind.TLS_TIMEOUT);
    /** What the verbs of a store take; more is of no use here. */
    private static final List<String> WANTED =
            List.of("listBuckets", "listFiles", "readFiles", "writeFiles", "deleteFiles", "shareFiles");

    private final B2Client client;

    B2Reachability(B2Client client) {
        this.client = client;
    }

    @Override
    public List<Step> steps() {
        Knock knock = new Knock();
        Origin origin = Origin.of(client.config().api());
        return List.of(
                new Part("name", call -> {
                    knock.failIn(NAME, call);
                    return origin.host();
                }),
                new Part("connect", call -> {
                    knock.failIn(CONNECT, call);
                    ConnectionInfo connection = knock.connection();
                    return connection == null
                            ? "somebody is there"
                            : connection.remote().getAddress().getHostAddress() + " port "
                                    + connection.remote().getPort();
                }),
                new Part("TLS", call -> {
                    knock.failIn(TLS, call);
                    ConnectionInfo connection = knock.connection();
                    String protocol = connection == null ? null : connection.tlsProtocol();
                    return origin.tls()
                            ? (protocol == null ? "agreed on" : protocol)
                            : "none: plain http, which everybody on the way can read";
                }),
                new Part("answer", call -> "HTTP status " + knock.answer(call).status()),
                new Part("key", this::key));
    }

    /** A step by its name. */
    private record Part(String name, Function<Call, String> work) implements Step {
        @Override
        public String take(Call call) {
            return work.apply(call);
        }
    }

    private String key(Call call) {
        B2Allowed allowed = client.authorizations().get(call).getAllowed();
        String name = allowed.getBucketName();
        if (allowed.getBucketId() != null && !client.config().bucket().equals(name)) {
            // The same sentence as any verb would end with.
            String unused = client.authorizations().bucketId(call);
        }
        Set<String> missing = new TreeSet<>(WANTED);
        missing.removeAll(allowed.getCapabilities());
        if (allowed.getBucketId() != null) {
            missing.remove("listBuckets");
        }
        String prefix = allowed.getNamePrefix();
        return "accepted"
                + (allowed.getBucketId() == null ? "" : ", for this bucket only")
                + (prefix == null || prefix.isEmpty() ? "" : ", for names that begin with " + B2Text.shown(prefix, 80))
                + (missing.isEmpty() ? "" : ", without " + String.join(", ", missing));
    }

    /** What came of the one request. Used by one thread. */
    private final class Knock {
        private @Nullable HttpResponse response;
        private @Nullable StorageException failure;

        private void knock(Call call) {
            if (response != null || failure != null) {
                return;
            }
            try {
                response = client.knock(call);
            } catch (StorageException e) {
                failure = e;
            }
        }

        void failIn(Set<HttpException.Kind> kinds, Call call) {
            knock(call);
            if (failure != null
                    && (!(failure.getCause() instanceof HttpException http) || kinds.contains(http.kind()))) {
                throw failure;
            }
        }

        @Nullable
        ConnectionInfo connection() {
            return response == null ? null : response.connection();
        }

        HttpResponse answer(Call call) {
            knock(call);
            if (failure != null) {
                throw failure;
            }
            HttpResponse known = response;
            if (known == null) {
                throw StorageException.builder(Kind.PROTOCOL)
                        .message("neither an answer nor a failure")
                        .build();
            }
            return known;
        }
    }
}
