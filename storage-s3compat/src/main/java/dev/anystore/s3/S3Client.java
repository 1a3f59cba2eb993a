package dev.anystore.s3;

import dev.anystore.StorageException;
import dev.anystore.http.Cancellation;
import dev.anystore.http.HttpException;
import dev.anystore.http.HttpRequest;
import dev.anystore.http.HttpResponse;
import dev.anystore.http.HttpTransport;
import dev.anystore.spi.Call;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs requests and sends them, once. It mends two mistakes that the service's answer names, by sending once more: a
 * wrong region, as long as the right one is at the same endpoint or a host of the same vendor, and a wrong clock. Credentials
 * that the service calls expired are renewed once, where they can be.
 */
final class S3Client implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.s3");
    private static final Pattern REGION = Pattern.compile("[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?");
    private static final Duration LONGEST = Duration.ofDays(1);
    /** For so long a 404 of a HEAD, which has no body to say of what, is believed to be the object's. */
    private static final long BUCKET_SEEN_NANOS = Duration.ofSeconds(60).toNanos();

    private final S3Config config;
    private final HttpTransport transport;
    private final CredentialsSource credentials;
    private final Clock clock;
    private final S3Errors errors;
    private final SigV4 signer = new SigV4();

    private volatile Place place;
    private volatile Duration skew = Duration.ZERO;
    private volatile long bucketSeen;
    private volatile boolean bucketWasSeen;

    S3Client(S3Config config, HttpTransport transport, CredentialsSource credentials, Clock clock) {
        this.config = config;
        this.transport = transport;
        this.credentials = credentials;
        this.clock = clock;
        this.errors = new S3Errors(config);
        this.place = Place.of(config);
    }

    /** Reads a document; the root is behind it already. */
    interface DocumentReader<T> {
        T read(XmlReader xml, Answer answer) throws IOException;
    }

    /** What turns failures into ours. */
    S3Errors errors() {
        return errors;
    }

    /** How this store is configured. */
    S3Config config() {
        return config;
    }

    /** Where requests go now. */
    Place place() {
        return place;
    }

    /** What signs now, null if nothing does. */
    @Nullable
    Credentials credentials(Call call) {
        return signing(call);
    }

    /** The signer. */
    SigV4 signer() {
        return signer;
    }

    /** The time as the service has it. */
    Instant now() {
        return clock.instant().plus(skew);
    }

    /**
     * Sends a request.
     *
     * @return an answer of status 2xx or 304, which the caller closes
     * @throws StorageException for every other answer, and if none came
     */
    Answer send(S3Request request, Call call) {
        checkKey(request.key());
        boolean mended = false;
        boolean renewed = false;
        while (true) {
            Credentials signing = signing(call);
            Answer answer = exchange(request, signing, call);
            int status = answer.status();
            if ((status >= 200 && status < 300) || status == 304) {
                seeBucket();
                return answer;
            }
            ErrorAnswer refusal = read(answer);
            if (request.method().equals("HEAD")) {
                refusal = explained(request, refusal, signing, call);
            }
            if (refusal.code().equals("NoSuchKey")) {
                seeBucket();
            }
            if (!renewed && signing != null && hasEnded(refusal) && credentials.renew(signing, call)) {
                renewed = true;
                if (request.repeatable()) {
                    continue;
                }
            }
            if (mended || !mend(refusal) || !request.repeatable()) {
                throw errors.of(refusal, request);
            }
            mended = true;
        }
    }

    /**
     * Refuses a key that the server would take for another one.
     *
     * @throws StorageException of kind {@code INVALID_KEY}
     */
    void checkKey(@Nullable String key) {
        String refusal = key == null ? null : config.profile().refusal(key);
        if (refusal != null) {
            throw StorageException.builder(StorageException.Kind.INVALID_KEY)
                    .message("the key " + refusal)
                    .build();
        }
    }

    /**
     * Holds the service to what it was told about encryption: one that does not know these headers ignores them, and says success.
     * Where the answer to a write is silent, as MinIO's are to copies and completions, the object itself is asked.
     *
     * @param tag of what was written; what somebody else has put there since is not ours to judge
     * @throws StorageException of kind {@code UNSUPPORTED} if what was stored is not encrypted so
     */
    void checkEncrypted(Answer written, String key, @Nullable String version, String tag, Call call) {
        if (config.objects().saysSo(written)) {
            return;
        }
        S3Request head = S3Request.object("HEAD", key).queryIfPresent("versionId", version);
        config.objects().onAccess(head);
        try (Answer answer = send(head, call)) {
            boolean ours = tag.isEmpty() || tag.equals(S3Text.unquoted(answer.header("etag")));
            if (ours && !config.objects().saysSo(answer)) {
                throw config.objects().ignored();
            }
        } catch (StorageException e) {
            if (e.kind() != StorageException.Kind.NOT_FOUND) {
                throw e.toBuilder().mayHaveHappened(true).build();
            }
        }
    }

    /** Sends a request whose answer has no body that matters, and returns its head. */
    HttpResponse sendForHead(S3Request request, Call call) {
        try (Answer answer = send(request, call)) {
            return answer.response();
        }
    }

    /**
     * Sends a request whose answer is a document with this root. A root {@code Error} is a refusal, whatever the status
     * says: a completion and a copy answer 200 before they know how they end.
     */
    <T> T read(S3Request request, Call call, String root, DocumentReader<T> reader) {
        return read(request, call, Set.of(root), reader);
    }

    /** The same with one of several roots. */
    <T> T read(S3Request request, Call call, Set<String> roots, DocumentReader<T> reader) {
        try (Answer answer = send(request, call)) {
            InputStream body = answer.response().body();
            boolean lists = request.key() == null && request.method().equals("GET");
            boolean isXml = request.fitsXml() && !(lists && config.profile().listsUnwritable());
            XmlReader xml = isXml ? XmlReader.of(body) : XmlReader.ofQuoting(body);
            String name = xml.root();
            if (name.equals("Error")) {
                throw errors.of(ErrorAnswer.read(answer.response(), xml), request);
            }
            if (!roots.contains(name)) {
                throw new XmlReader.MalformedXml("the answer is <" + S3Text.shown(name, 40) + ">, not "
                        + roots.stream().sorted().map(root -> "<" + root + ">").collect(Collectors.joining(" or ")));
            }
            T result = reader.read(xml, answer);
            xml.end();
            return result;
        } catch (IOException e) {
            throw errors.of(e, request);
        }
    }

    /** What signs now. Whatever a service quotes of it is hidden from here on. */
    private @Nullable Credentials signing(Call call) {
        call.check();
        Credentials now = credentials.get(call);
        if (now != null) {
            errors.hide(now);
        }
        return now;
    }

    /** Whether the service says that the credentials' time is over; another word of its own is for tokens it can't read. */
    private static boolean hasEnded(ErrorAnswer refusal) {
        return refusal.code().equals("ExpiredToken") || refusal.code().equals("TokenRefreshRequired");
    }

    /** Asks, unsigned, for nothing: any answer shows that somebody is there. */
    HttpResponse knock(Call call) {
        try (Answer answer = exchange(S3Request.bucket("HEAD"), null, call)) {
            return answer.response();
        }
    }

    private Answer exchange(S3Request request, @Nullable Credentials signing, Call call) {
        call.check();
        Place here = place;
        String path = here.path(request.key());
        String query = SigV4.canonicalQuery(request.query());
        Fields headers = request.headers().copy();
        if (config.objects().requesterPays()) {
            headers.set("x-amz-request-payer", "requester");
        }
        if (signing != null) {
            headers.set("host", here.origin().hostHeader());
            signer.sign(request.method(), path, query, headers, request.payloadHash(), signing, here.region(), now());
        }
        Cancellation cancellation = new Cancellation();
        HttpRequest.Builder builder = HttpRequest.builder(
                        request.method(), here.origin(), path, query.isEmpty() ? null : query)
                .body(request.body())
                .cancellation(cancellation)
                .onSent(call::sent);
        for (int i = 0; i < headers.size(); i++) {
            builder.header(headers.name(i), headers.value(i));
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
                trace(request, here, Integer.toString(response.status()), start);
            }
            return new Answer(response, registration);
        } catch (HttpException e) {
            registration.close();
            if (LOG.isTraceEnabled()) {
                trace(request, here, e.kind().toString(), start);
            }
            throw errors.of(e, request);
        } catch (RuntimeException | Error e) {
            registration.close();
            throw e;
        }
    }

    private static void trace(S3Request request, Place here, String outcome, long start) {
        LOG.trace(
                "{} {} {} {} {} ms {} bytes",
                request.method(),
                here.origin().host(),
                request.key() == null ? "(bucket)" : S3Text.shown(request.key(), 1024),
                outcome,
                (System.nanoTime() - start) / 1_000_000,
                Math.max(0, request.body().length()));
    }

    private static ErrorAnswer read(Answer answer) {
        try (answer) {
            return ErrorAnswer.read(answer.response());
        }
    }

    /**
     * A refused HEAD has no body, so that its status is all there is. Where that means several things, the same is asked by
     * GET, of one byte at most: an answer costs one request more, on a way that is an error anyway.
     */
    private ErrorAnswer explained(S3Request request, ErrorAnswer refusal, @Nullable Credentials signing, Call call) {
        boolean vague = refusal.status() == 400
                || refusal.status() == 403
                || (refusal.status() == 404 && request.key() != null && !bucketSeenLately());
        if (!vague || refusal.region() != null) {
            return refusal;
        }
        S3Request question = request.key() == null
                ? S3Request.bucket("GET").query("location", "")
                : S3Request.object("GET", request.key())
                        .queryIfPresent("versionId", request.query().get("versionId"))
                        .header("range", "bytes=0-0");
        if (request.key() != null) {
            config.objects().onAccess(question);
        }
        Answer answer = exchange(question, signing, call);
        if (answer.status() < 400) {
            answer.close();
            return refusal;
        }
        ErrorAnswer explanation = read(answer);
        return explanation.code().isEmpty() ? refusal : explanation;
    }

    private void seeBucket() {
        bucketSeen = System.nanoTime();
        bucketWasSeen = true;
    }

    private boolean bucketSeenLately() {
        return bucketWasSeen && System.nanoTime() - bucketSeen < BUCKET_SEEN_NANOS;
    }

    private boolean mend(ErrorAnswer refusal) {
        return refusal.code().equals("RequestTimeTooSkewed") ? mendClock(refusal) : mendRegion(refusal);
    }

    private boolean mendClock(ErrorAnswer refusal) {
        if (refusal.time() == null) {
            return false;
        }
        skew = Duration.between(clock.instant(), refusal.time());
        LOG.warn(
                "this machine's clock is {} s off that of {}; requests are signed with the service's time",
                skew.negated().toSeconds(),
                config.where());
        return true;
    }

    private boolean mendRegion(ErrorAnswer refusal) {
        Place here = place;
        String region = refusal.region();
        if (region == null
                || region.equals(here.region())
                || !REGION.matcher(region).matches()) {
            return false;
        }
        boolean moved = refusal.status() == 301 || refusal.status() == 307 || refusal.status() == 308;
        boolean signedWrongly = refusal.status() == 400
                && (refusal.code().isEmpty() || refusal.code().equals("AuthorizationHeaderMalformed"));
        if (!moved && !signedWrongly) {
            return false;
        }
        // Only a host that we would have made ourselves is left for another: one that the user chose may be private.
        String host = config.endpoint().getHost();
        boolean vendorsOwn = host.equals(config.vendor().host(config.region(), null, null));
        if (vendorsOwn) {
            place = Place.of(config, otherHost(config.vendor().host(region, null, null)), region);
        } else if (signedWrongly) {
            place = Place.of(config, config.endpoint(), region);
        } else {
            return false;
        }
        LOG.debug("bucket {} is in region {}, not {}", config.bucket(), region, config.region());
        return true;
    }

    private URI otherHost(String host) {
        URI endpoint = config.endpoint();
        String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
        return URI.create(endpoint.getScheme() + "://" + host + port);
    }

    /** Stops what is under way and closes all connections. */
    @Override
    public void close() {
        credentials.close();
        transport.close();
    }
}
