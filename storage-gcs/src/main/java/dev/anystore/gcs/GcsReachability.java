package dev.anystore.gcs;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.ConnectionInfo;
import dev.anystore.http.HttpException;
import dev.anystore.http.HttpResponse;
import dev.anystore.spi.Call;
import dev.anystore.spi.Reachability;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way to the service: one request without a token, made when the first step is taken, whose outcome the steps share, each
 * looking at what is its own.
 */
final class GcsReachability implements Reachability {
    /** So far off, the service refuses a signature, and the token service an assertion. */
    private static final Duration CLOCK_LIMIT = Duration.ofMinutes(15);

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

    private final GcsClient client;

    GcsReachability(GcsClient client) {
        this.client = client;
    }

    @Override
    public List<Step> steps() {
        Knock knock = new Knock();
        String host = client.origin().host();
        return List.of(
                new Part("name", call -> {
                    knock.failIn(NAME, call);
                    return host;
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
                    return client.origin().tls()
                            ? (protocol == null ? "agreed on" : protocol)
                            : "none: plain http, which everybody on the way can read";
                }),
                new Part("answer", call -> "HTTP status " + knock.answer(call).status()),
                new Part("clock", call -> clock(knock, call)),
                new Part("token", this::token));
    }

    /** A step by its name. */
    private record Part(String name, Function<Call, String> work) implements Step {
        @Override
        public String take(Call call) {
            return work.apply(call);
        }
    }

    private String clock(Knock knock, Call call) {
        Instant theirs = GcsText.httpTime(knock.answer(call).header("date"));
        if (theirs == null) {
            return "the service does not tell the time";
        }
        Duration behind = Duration.between(knock.answeredAt, theirs);
        long seconds = behind.toSeconds();
        if (behind.abs().compareTo(CLOCK_LIMIT) > 0) {
            throw StorageException.builder(Kind.CLOCK_SKEW)
                    .message("this machine's clock is %d s %s that of %s"
                            .formatted(
                                    Math.abs(seconds),
                                    seconds > 0 ? "behind" : "before",
                                    client.config().where()))
                    .fix("set the clock, or let NTP do it")
                    .build();
        }
        return Math.abs(seconds) <= 1
                ? "the same as the service's"
                : Math.abs(seconds) + " s " + (seconds > 0 ? "behind" : "before")
                        + " the service's, which does no harm";
    }

    private String token(Call call) {
        TokenSource.Token token = client.tokens().get(call);
        if (token == null) {
            return "none: requests go without credentials";
        }
        return "there is one" + (token.expiresAt() == null ? "" : ", until " + token.expiresAt());
    }

    /** What came of the one request. Used by one thread. */
    private final class Knock {
        private @Nullable HttpResponse response;
        private @Nullable StorageException failure;
        private Instant answeredAt = Instant.EPOCH;

        private void knock(Call call) {
            if (response != null || failure != null) {
                return;
            }
            try {
                response = client.knock(call);
                answeredAt = client.now();
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
                throw new IllegalStateException("neither an answer nor a failure");
            }
            return known;
        }
    }
}
