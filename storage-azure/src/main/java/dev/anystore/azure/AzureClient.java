package dev.anystore.azure;

import dev.anystore.StorageException;
import dev.anystore.http.Cancellation;
import dev.anystore.http.HttpException;
import dev.anystore.http.HttpRequest;
import dev.anystore.http.HttpResponse;
import dev.anystore.http.HttpTransport;
import dev.anystore.spi.Call;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs requests and sends them, once. A wrong clock, which the service's answer tells, is mended by sending once more with
 * the service's time.
 */
final class AzureClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.azure");
    private static final Duration LONGEST = Duration.ofDays(1);
    /** So far off the service refuses a request: https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key */
    static final Duration CLOCK_LIMIT = Duration.ofMinutes(15);

    private final AzureConfig config;
    private final HttpTransport transport;
    private final Access access;
    private final @Nullable SharedKeySigner signer;
    private final Clock clock;
    private final AzureErrors errors;
    private final String containerPath;

    private volatile Duration skew = Duration.ZERO;

    AzureClient(AzureConfig config, HttpTransport transport, Access access, Clock clock) {
        this.config = config;
        this.transport = transport;
        this.access = access;
        this.signer = access instanceof Access.SharedKey shared
                ? new SharedKeySigner(shared.account(), shared.bytes())
                : null;
        this.clock = clock;
        this.errors = new AzureErrors(config, access, this::now);
        this.containerPath = config.basePath() + '/' + config.container();
    }

    /** Reads a document; the root is behind it already. */
    interface DocumentReader<T> {
        T read(XmlReader xml, Answer answer) throws IOException;
    }

    /** What turns failures into ours. */
    AzureErrors errors() {
        return errors;
    }

    /** How this store is configured. */
    AzureConfig config() {
        return config;
    }

    /** What opens the account. */
    Access access() {
        return access;
    }

    /** What signs with the account's key, null if there is none. */
    @Nullable
    SharedKeySigner signer() {
        return signer;
    }

    /** The time as the service has it. */
    Instant now() {
        return clock.instant().plus(skew);
    }

    /** The encoded path of a request. */
    String path(AzureRequest request) {
        return switch (request.scope()) {
            case ACCOUNT -> config.basePath() + '/';
            case CONTAINER -> containerPath;
            case OBJECT -> path(String.valueOf(request.key()));
        };
    }

    /** The encoded path of an object. */
    String path(String key) {
        StringBuilder path = new StringBuilder(containerPath.length() + key.length() + 16);
        path.append(containerPath).append('/');
        PercentEncoding.appendPath(path, key);
        return path.toString();
    }

    /** The URL of an object, without credentials. */
    String url(String key) {
        return config.origin() + path(key);
    }

    /**
     * Sends a request.
     *
     * @return an answer of status 2xx or 304, which the caller closes
     * @throws StorageException for every other answer, and if none came
     */
    Answer send(AzureRequest request, Call call) {
        if (request.key() != null) {
            BlobNames.check(request.key());
        }
        boolean mended = false;
        while (true) {
            Answer answer = exchange(request, true, call);
            int status = answer.status();
            if ((status >= 200 && status < 300) || status == 304) {
                return answer;
            }
            ErrorAnswer refusal = read(answer);
            if (mended || !request.repeatable() || !mendClock(refusal)) {
                throw errors.of(refusal, request);
            }
            mended = true;
        }
    }

    /** Sends a request whose answer has nothing in its body that matters. */
    HttpResponse sendForHead(AzureRequest request, Call call) {
        try (Answer answer = send(request, call)) {
            return answer.response();
        }
    }

    /**
     * Sends a request and reads the document that comes back, to its end.
     *
     * @param root what its first element must be
     */
    <T> T read(AzureRequest request, Call call, String root, DocumentReader<T> reader) {
        try (Answer answer = send(request, call)) {
            InputStream body = answer.response().body();
            XmlReader xml = XmlReader.of(body);
            xml.root(root);
            T result = reader.read(xml, answer);
            xml.end();
            return result;
        } catch (IOException e) {
            throw errors.of(e, request);
        }
    }

    /** Asks, without credentials, for nothing: any answer shows that somebody is there. */
    HttpResponse knock(Call call) {
        AzureRequest question = AzureRequest.container("HEAD", Right.READ);
        try (Answer answer = exchange(question, false, call)) {
            return answer.response();
        }
    }

    /** The headers of a request, signed if something signs. */
    Fields headers(AzureRequest request, String path, boolean signed, Call call) {
        Fields headers = request.headers().copy();
        headers.set("x-ms-version", config.serviceVersion());
        return signed(request, headers, path, signed, call);
    }

    /** The headers of a request within a batch, where the batch alone has a version. */
    Fields batchHeaders(AzureRequest request, String path, Call call) {
        return signed(request, request.headers().copy(), path, true, call);
    }

    private Fields signed(AzureRequest request, Fields headers, String path, boolean signed, Call call) {
        headers.set("x-ms-date", HttpDates.format(now()));
        if (signed && access instanceof Access.Directory directory) {
            headers.set(
                    "authorization", "Bearer " + directory.tokens().token(call).reveal());
        } else if (signed && signer != null) {
            headers.set(
                    "authorization",
                    signer.authorization(
                            request.method(),
                            path,
                            request.query(),
                            headers,
                            request.body().length()));
        }
        return headers;
    }

    /** The query of a request, encoded; null for none. A shared access signature is a part of it. */
    @Nullable
    String query(AzureRequest request, boolean signed) {
        StringBuilder query = new StringBuilder();
        Fields fields = request.query();
        for (int i = 0; i < fields.size(); i++) {
            query.append(i == 0 ? "" : "&").append(fields.name(i)).append('=');
            PercentEncoding.appendQuery(query, fields.value(i));
        }
        if (signed && access instanceof Access.Signature signature) {
            query.append(query.isEmpty() ? "" : "&")
                    .append(signature.sas().query().reveal());
        }
        return query.isEmpty() ? null : query.toString();
    }

    private Answer exchange(AzureRequest request, boolean signed, Call call) {
        call.check();
        String path = path(request);
        Fields headers = headers(request, path, signed, call);
        Cancellation cancellation = new Cancellation();
        HttpRequest.Builder builder = HttpRequest.builder(
                        request.method(), config.origin(), path, query(request, signed))
                .body(request.body())
                .cancellation(cancellation)
                .onSent(call::sent);
        for (int i = 0; i < headers.size(); i++) {
            builder.header(headers.name(i), headers.value(i));
        }
        if (request.answerTimeout() != null) {
            builder.answerTimeout(request.answerTimeout());
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

    private void trace(AzureRequest request, String outcome, long start) {
        LOG.trace(
                "{} {} {} {} {} ms {} bytes",
                request.method(),
                config.origin().host(),
                request.key() == null ? "(container)" : AzureText.shown(request.key(), 1024),
                outcome,
                (System.nanoTime() - start) / 1_000_000,
                Math.max(0, request.body().length()));
    }

    private static ErrorAnswer read(Answer answer) {
        try (answer) {
            return ErrorAnswer.read(answer.response());
        }
    }

    /** Of all refusals of credentials only the time tells that it was the clock: the service says so in no word of its own. */
    private boolean mendClock(ErrorAnswer refusal) {
        if (refusal.status() != 403 || refusal.time() == null || signer == null) {
            return false;
        }
        Duration off = Duration.between(now(), refusal.time());
        if (off.abs().compareTo(CLOCK_LIMIT) < 0) {
            return false;
        }
        skew = Duration.between(clock.instant(), refusal.time());
        LOG.warn(
                "this machine's clock is {} s off that of {}; requests are signed with the service's time",
                skew.negated().toSeconds(),
                config.where());
        return true;
    }

    /** Stops what is under way and closes all connections. */
    @Override
    public void close() {
        if (access instanceof Access.Directory directory) {
            directory.tokens().close();
        }
        transport.close();
    }
}
