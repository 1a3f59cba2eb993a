package dev.anystore.b2;

import com.backblaze.b2.client.B2StorageClientWebifier;
import com.backblaze.b2.client.B2StorageClientWebifierImpl;
import com.backblaze.b2.client.exceptions.B2Exception;
import com.backblaze.b2.client.structures.B2AccountAuthorization;
import dev.anystore.StorageException;
import dev.anystore.http.Cancellation;
import dev.anystore.http.HttpException;
import dev.anystore.http.HttpRequest;
import dev.anystore.http.HttpResponse;
import dev.anystore.http.HttpTransport;
import dev.anystore.spi.Call;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests, once each. Calls of the API are put together by the SDK and sent by our transport, with what the call at
 * hand says of deadline and cancellation; bytes are sent and read here. Where the service says that a token's time is over,
 * another one is got, and the request is made once more.
 */
final class B2Client implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.b2");
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final String USER_AGENT = "anystore";
    /**
     * Calls of which each makes something that stays, and costs: a second sending over another connection, of which nobody would
     * learn, is not for them.
     */
    private static final Set<String> MAKING = Set.of("b2_start_large_file", "b2_upload_file", "b2_copy_file");

    private final B2Config config;
    private final HttpTransport transport;
    private final B2Errors errors;
    private final Authorizations authorizations;

    B2Client(B2Config config, HttpTransport transport) {
        this.config = config;
        this.transport = transport;
        this.errors = new B2Errors(config);
        this.authorizations = new Authorizations(this);
    }

    /** A call of the API. */
    @FunctionalInterface
    interface Asking<T> {
        T ask(B2StorageClientWebifier api, B2AccountAuthorization account) throws B2Exception;
    }

    /** A request that carries the account's token itself. */
    @FunctionalInterface
    interface Sending<T> {
        T send(B2AccountAuthorization account);
    }

    B2Config config() {
        return config;
    }

    B2Errors errors() {
        return errors;
    }

    HttpTransport transport() {
        return transport;
    }

    Authorizations authorizations() {
        return authorizations;
    }

    /** The SDK's way to put calls together, for one call of ours. It keeps nothing, and never tries again. */
    B2StorageClientWebifier api(Call call) {
        return new B2StorageClientWebifierImpl(
                new B2WebApi(this, call), USER_AGENT, config.api().toString(), config.testMode());
    }

    /** Makes a call of the API. */
    <T> T ask(Call call, Asking<T> asking) {
        B2StorageClientWebifier api = api(call);
        return withToken(call, account -> {
            try {
                return asking.ask(api, account);
            } catch (B2Exception e) {
                throw ofSdk(e);
            }
        });
    }

    /** Sends something with the account's token, and once more with a new one if that one's time is over. */
    <T> T withToken(Call call, Sending<T> sending) {
        B2AccountAuthorization account = authorizations.get(call);
        try {
            return sending.send(account);
        } catch (StorageException e) {
            Refusal refusal = Refusal.of(e);
            if (refusal == null || !refusal.wantsNewToken()) {
                throw e;
            }
            return sending.send(authorizations.renewed(account, call));
        }
    }

    /** Our own transport throws our own exceptions; what is left is the SDK's complaint about what it was given. */
    static StorageException ofSdk(B2Exception e) {
        return StorageException.builder(StorageException.Kind.PROTOCOL)
                .message("the SDK could not make the call: " + e.getCode())
                .cause(e)
                .build();
    }

    /**
     * Sends a request.
     *
     * @return an answer of status 2xx, which the caller closes
     * @throws StorageException for every other answer, and if none came
     */
    Answer send(B2Request request, Call call) {
        Answer answer = exchange(request, call);
        if (answer.status() >= 200 && answer.status() < 300) {
            return answer;
        }
        throw errors.of(Refusal.read(answer), request);
    }

    /** Asks, without a token, for nothing: any answer shows that somebody is there. */
    HttpResponse knock(Call call) {
        B2Address nothing = B2Address.of(config.api() + "/b2api/v2/b2_authorize_account", config.allowHttp());
        try (Answer answer = exchange(new B2Request("GET", "knock", nothing, null).onlyReads(), call)) {
            return answer.response();
        }
    }

    private Answer exchange(B2Request request, Call call) {
        call.check();
        Cancellation cancellation = new Cancellation();
        B2Address to = request.address();
        HttpRequest.Builder builder = HttpRequest.builder(request.method(), to.origin(), to.path(), to.query())
                .body(request.body())
                .cancellation(cancellation)
                .onSent(counting(request, call));
        List<String> headers = request.headers();
        for (int i = 0; i < headers.size(); i += 2) {
            builder.header(headers.get(i), headers.get(i + 1));
        }
        Duration answerTimeout = request.answerTimeout();
        if (answerTimeout != null) {
            builder.answerTimeout(answerTimeout).quietBody();
        }
        if (MAKING.contains(request.operation())) {
            builder.neverResend();
        }
        long left = call.remainingNanos();
        if (left != Long.MAX_VALUE) {
            builder.timeout(Duration.ofNanos(Math.max(1, Math.min(left, LONGEST.toNanos()))));
        }
        Call.Registration registration = call.onCancel(cancellation::cancel);
        long start = System.nanoTime();
        try {
            HttpResponse response = transport.send(builder.build());
            trace(request, Integer.toString(response.status()), start);
            return new Answer(response, registration);
        } catch (HttpException e) {
            registration.close();
            trace(request, e.kind().toString(), start);
            throw errors.of(e, request);
        } catch (RuntimeException | Error e) {
            registration.close();
            throw e;
        }
    }

    /** What is sent behind the caller's bytes, such as their digest, is no progress; nor is a document. */
    private static LongConsumer counting(B2Request request, Call call) {
        if (!request.uploads()) {
            return bytes -> {};
        }
        long most = request.payload();
        if (most == request.body().length()) {
            return call::sent;
        }
        long[] left = {most};
        return bytes -> {
            long counted = Math.min(left[0], bytes);
            left[0] -= counted;
            if (counted > 0) {
                call.sent(counted);
            }
        };
    }

    private static void trace(B2Request request, String outcome, long start) {
        if (LOG.isTraceEnabled()) {
            String key = request.key();
            LOG.trace(
                    "{} {} {} {} {} ms {} bytes",
                    request.operation(),
                    request.address().origin().host(),
                    key == null ? "-" : B2Text.shown(key, 1024),
                    outcome,
                    (System.nanoTime() - start) / 1_000_000,
                    Math.max(0, request.body().length()));
        }
    }

    /** Stops what is under way and closes all connections. */
    @Override
    public void close() {
        transport.close();
    }
}
