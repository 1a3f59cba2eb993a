package dev.anystore.azure;

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
 * The way to a blob service: one unsigned request, made when the first step is taken, whose outcome the steps share, each
 * looking at what is its own.
 */
final class AzureReachability implements Reachability {

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

    private final AzureClient client;

    AzureReachability(AzureClient client) {
        this.client = client;
    }

    @Override
    public List<Step> steps() {
        Knock knock = new Knock();
        String host = client.config().origin().host();
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
                    return client.config().origin().tls()
                            ? (protocol == null ? "agreed on" : protocol)
                            : "none: plain http, which everybody on the way can read";
                }),
                new Part("answer", call -> "HTTP status " + knock.answer(call).status()),
                new Part("clock", call -> clock(knock, call)),
                new Part("key", this::key));
    }

    /** A step by its name. */
    private record Part(String name, Function<Call, String> work) implements Step {
        @Override
        public String take(Call call) {
            return work.apply(call);
        }
    }

    private String clock(Knock knock, Call call) {
        Instant theirs = HttpDates.parse(knock.answer(call).header("date"));
        if (theirs == null) {
            return "the service does not tell the time";
        }
        Duration behind = Duration.between(knock.answeredAt, theirs);
        long seconds = behind.toSeconds();
        if (behind.abs().compareTo(AzureClient.CLOCK_LIMIT) > 0) {
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

    /** What opens the account, by its form; tokens are fetched. */
    private String key(Call call) {
        Access access = client.access();
        if (access instanceof Access.SharedKey shared) {
            return "the key of account " + shared.account();
        }
        if (access instanceof Access.Signature signature) {
            Sas sas = signature.sas();
            Instant ends = sas.ends();
            if (ends != null && !ends.isAfter(client.now())) {
                throw StorageException.builder(Kind.UNAUTHENTICATED)
                        .message("the SAS ended at " + ends)
                        .fix("make a new one")
                        .build();
            }
            return "a SAS" + (sas.rights() == null ? " of a stored policy" : " that allows sp=" + sas.rights())
                    + (ends == null ? "" : ", until " + ends);
        }
        if (access instanceof Access.Directory directory) {
            directory.tokens().token(call);
            return "somebody is signed in";
        }
        return "none: requests go without";
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
