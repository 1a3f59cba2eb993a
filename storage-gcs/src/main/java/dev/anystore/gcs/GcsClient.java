package dev.anystore.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.anystore.StorageException;
import dev.anystore.http.Cancellation;
import dev.anystore.http.HttpException;
import dev.anystore.http.HttpRequest;
import dev.anystore.http.HttpResponse;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.Origin;
import dev.anystore.http.TransportOptions;
import dev.anystore.spi.Call;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests with a token, once. A token that the service refuses is renewed once, and the request sent once more if its
 * body can be.
 */
final class GcsClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.gcs");
    private static final Duration LONGEST = Duration.ofDays(1);

    private final GcsConfig config;
    private final TransportOptions options;
    private final HttpTransport transport;
    private final TokenSource tokens;
    private final Clock clock;
    private final GcsErrors errors;
    private final Origin origin;

    GcsClient(GcsConfig config, TransportOptions options, TokenSource tokens, Clock clock) {
        this.config = config;
        this.options = options;
        this.transport = new HttpTransport(options);
        this.tokens = tokens;
        this.clock = clock;
        this.errors = new GcsErrors(config);
        this.origin = Origin.of(config.endpoint());
    }

    GcsConfig config() {
        return config;
    }

    GcsErrors errors() {
        return errors;
    }

    TokenSource tokens() {
        return tokens;
    }

    TransportOptions options() {
        return options;
    }

    HttpTransport transport() {
        return transport;
    }

    Origin origin() {
        return origin;
    }

    Instant now() {
        return clock.instant();
    }

    String bucket() {
        return config.bucket();
    }

    /**
     * Sends a request.
     *
     * @return an answer of status 2xx or 304, or 308 where the request takes it; the caller closes it
     * @throws StorageException for every other answer, and if none came
     */
    Answer send(GcsRequest request, Call call) {
        checkKey(request.key());
        boolean renewed = false;
        while (true) {
            call.check();
            TokenSource.Token token = tokens.get(call);
            Answer answer = exchange(request, token, call);
            int status = answer.status();
            if ((status >= 200 && status < 300) || status == 304 || (status == 308 && request.takes308())) {
                return answer;
            }
            ErrorAnswer refusal = read(answer);
            if (status == 401 && !renewed && token != null && tokens.renew(token, call)) {
                renewed = true;
                if (request.repeatable()) {
                    continue;
                }
                throw errors.of(refusal, request).toBuilder().retryable(true).build();
            }
            throw errors.of(refusal, request, renewed);
        }
    }

    /** Sends a request whose answer has no body that matters, and returns its head. */
    HttpResponse sendForHead(GcsRequest request, Call call) {
        try (Answer answer = send(request, call)) {
            return answer.response();
        }
    }

    /** Sends a request whose answer is a JSON object; null where it is 304. */
    @Nullable
    JsonNode findJson(GcsRequest request, Call call) {
        try (Answer answer = send(request, call)) {
            if (answer.status() == 304) {
                return null;
            }
            return Json.read(answer.response().readAll(Json.MAX_BYTES));
        } catch (IOException e) {
            throw errors.of(e, request);
        }
    }

    /** Sends a request whose answer is a JSON object. */
    JsonNode json(GcsRequest request, Call call) {
        JsonNode json = findJson(request, call);
        if (json == null) {
            throw errors.of(new Json.Malformed("it says 304 to a request without that condition"), request);
        }
        return json;
    }

    /** What an answer's document becomes. */
    interface XmlUse<T> {
        T of(XmlElement root, Answer answer) throws IOException;
    }

    /** Sends a request whose answer is an XML document with this root. */
    <T> T xml(GcsRequest request, Call call, String root, XmlUse<T> use) {
        try (Answer answer = send(request, call)) {
            XmlElement element = XmlElement.read(answer.response().readAll(Json.MAX_BYTES));
            if (!element.name().equals(root)) {
                throw new Json.Malformed(
                        "the answer is <" + GcsText.shown(element.name(), 40) + ">, not <" + root + ">");
            }
            return use.of(element, answer);
        } catch (IOException e) {
            throw errors.of(e, request);
        }
    }

    /**
     * Refuses a key that the service does not take.
     *
     * @see <a href="https://cloud.google.com/storage/docs/objects#naming">names of objects</a>
     * @throws StorageException of kind {@code INVALID_KEY}
     */
    static void checkKey(@Nullable String key) {
        if (key == null) {
            return;
        }
        String refusal = null;
        if (key.equals(".") || key.equals("..")) {
            refusal = "is . or .., which the service does not take";
        } else if (key.indexOf('\n') >= 0 || key.indexOf('\r') >= 0) {
            refusal = "has a line end in it, which the service does not take";
        } else if (key.startsWith(".well-known/acme-challenge/")) {
            refusal = "begins with .well-known/acme-challenge/, which the service does not take";
        } else {
            for (int i = 0; i < key.length(); ) {
                int c = key.codePointAt(i);
                // Not characters of XML 1.0, in which uploads are listed; the service's page advises against all of
                // them.
                if ((c & 0xfffe) == 0xfffe) {
                    refusal = "has a code point that is no character of Unicode";
                    break;
                }
                i += Character.charCount(c);
            }
        }
        if (refusal != null) {
            throw StorageException.builder(StorageException.Kind.INVALID_KEY)
                    .message("the key " + refusal)
                    .build();
        }
    }

    /** Asks, without a token, for nothing: any answer shows that somebody is there. */
    HttpResponse knock(Call call) {
        GcsRequest get =
                GcsRequest.json("GET", null, "/storage/v1/b/" + config.bucket()).query("fields", "name");
        try (Answer answer = exchange(get, null, call)) {
            return answer.response();
        }
    }

    private Answer exchange(GcsRequest request, TokenSource.@Nullable Token token, Call call) {
        Cancellation cancellation = new Cancellation();
        HttpRequest.Builder builder = HttpRequest.builder(request.method(), origin, request.path(), request.query())
                .body(request.body())
                .cancellation(cancellation)
                .onSent(request.sent(call));
        List<String> headers = request.headers();
        for (int i = 0; i < headers.size(); i += 2) {
            builder.header(headers.get(i), headers.get(i + 1));
        }
        if (token != null) {
            builder.header("authorization", token.authorization());
        }
        String payer = config.objects().userProject();
        if (payer == null && token != null) {
            payer = token.quotaProject();
        }
        if (payer != null) {
            builder.header("x-goog-user-project", payer);
        }
        if (request.answerTimeout() != null) {
            builder.answerTimeout(request.answerTimeout()).quietBody();
        }
        long left = call.remainingNanos();
        if (left != Long.MAX_VALUE) {
            builder.timeout(Duration.ofNanos(Math.max(1, Math.min(left, LONGEST.toNanos()))));
        }
        Call.Registration registration = call.onCancel(cancellation::cancel);
        long start = System.nanoTime();
        try {
            HttpResponse response = transport.send(builder.build());
            if (LOG.isTraceEnabled()) {
                trace(request, Integer.toString(response.status()), start);
            }
            return new Answer(response, registration);
        } catch (HttpException e) {
            registration.close();
            if (LOG.isTraceEnabled()) {
                trace(request, e.kind().toString(), start);
            }
            throw errors.of(e, request);
        } catch (RuntimeException | Error e) {
            registration.close();
            throw e;
        }
    }

    private void trace(GcsRequest request, String outcome, long start) {
        LOG.trace(
                "{} {} {} {} {} ms {} bytes",
                request.method(),
                origin.host(),
                request.key() == null ? "(bucket)" : GcsText.shown(request.key(), 1024),
                outcome,
                (System.nanoTime() - start) / 1_000_000,
                Math.max(0, request.body().length()));
    }

    private static ErrorAnswer read(Answer answer) {
        try (answer) {
            return ErrorAnswer.read(answer.response());
        }
    }

    /** Stops what is under way and closes all connections. */
    @Override
    public void close() {
        tokens.close();
        transport.close();
    }
}
