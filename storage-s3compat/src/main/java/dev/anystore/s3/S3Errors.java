package dev.anystore.s3;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.http.HttpException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a refusal of the service, or a failure of the way to it, becomes ours: with its kind, whether
 * another try makes sense, whether the request may have taken effect all the same, and what the user can do.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">S3's list of codes</a>
 */
final class S3Errors {
    private final S3Config config;
    private final Quotations quotations;

    S3Errors(S3Config config) {
        this.config = config;
        this.quotations = new Quotations(config.credentials(), config.objects().secrets());
    }

    /** Credentials that came later than the configuration are not shown either. */
    void hide(Credentials credentials) {
        quotations.hide(credentials);
    }

    /** What a code, or else a status, means. */
    private record Meaning(Kind kind, @Nullable Boolean retryable, boolean nothingHappened) {
        static Meaning of(Kind kind) {
            return new Meaning(kind, null, true);
        }

        /** Another try may help, although the kind alone does not say so. */
        static Meaning again(Kind kind) {
            return new Meaning(kind, true, true);
        }

        static Meaning never(Kind kind) {
            return new Meaning(kind, false, true);
        }

        /** The service failed in the middle: what it did before is not known. */
        static Meaning unclear(Kind kind) {
            return new Meaning(kind, null, false);
        }
    }

    /** A refusal. */
    StorageException of(ErrorAnswer answer, S3Request request) {
        Meaning meaning = meaning(answer, request);
        StorageException.Builder builder = StorageException.builder(meaning.kind())
                .message(message(answer, meaning.kind()))
                .fix(fix(answer, meaning.kind(), request))
                .status(answer.status())
                .requestId(answer.requestId() == null ? null : quotations.shown(answer.requestId(), 128))
                .retryAfter(answer.retryAfter());
        if (meaning.retryable() != null) {
            builder.retryable(meaning.retryable());
        }
        if (meaning.kind() == Kind.RANGE_NOT_SATISFIABLE) {
            builder.objectSize(answer.objectSize());
        }
        // Sent twice over a dead connection: the first sending may be what the second one conflicts with.
        boolean clear = meaning.nothingHappened() && !answer.resent();
        return builder.mayHaveHappened(!clear && !request.onlyReads()).build();
    }

    /** What one entry of a batch means. */
    StorageException ofBatchEntry(String code, String message, S3Request request) {
        return of(new ErrorAnswer(200, code, message, null, null, null, -1, null, false, false), request);
    }

    private Meaning meaning(ErrorAnswer answer, S3Request request) {
        return switch (answer.code()) {
            // A write that expects a revision of what is not there; S3 says 404, others 412.
            case "NoSuchKey" ->
                Meaning.of(
                        !request.onlyReads() && request.headers().get("if-match") != null
                                ? Kind.PRECONDITION_FAILED
                                : Kind.NOT_FOUND);
            case "NoSuchVersion", "NoSuchUpload" -> Meaning.of(Kind.NOT_FOUND);
            case "NoSuchBucket" -> Meaning.of(Kind.BUCKET_NOT_FOUND);
            case "AccessDenied", "AccountProblem", "AllAccessDisabled", "InvalidPayer", "UnauthorizedAccess" ->
                Meaning.of(Kind.ACCESS_DENIED);
            case "SignatureDoesNotMatch",
                    "InvalidAccessKeyId",
                    "XAdminUserNotFound", // versitygw's word for it, with status 404
                    "ExpiredToken",
                    "InvalidToken",
                    "TokenRefreshRequired",
                    "AuthorizationHeaderMalformed",
                    "MissingSecurityHeader",
                    "CredentialsNotSupported",
                    "InvalidSecurity",
                    "NotSignedUp",
                    "Unauthorized" -> Meaning.of(Kind.UNAUTHENTICATED);
            case "RequestTimeTooSkewed" -> Meaning.of(Kind.CLOCK_SKEW);
            case "PreconditionFailed", "NotModified" -> Meaning.of(Kind.PRECONDITION_FAILED);
            // Two writers at once: S3 says to try again. OperationAborted is its older word.
            case "ConditionalRequestConflict", "OperationAborted" -> Meaning.of(Kind.CONFLICT);
            case "BucketAlreadyExists", "BucketAlreadyOwnedByYou", "BucketNotEmpty" -> Meaning.never(Kind.CONFLICT);
            case "InvalidRange" -> Meaning.of(Kind.RANGE_NOT_SATISFIABLE);
            // Wasabi says RequestRateLimitExceeded with 400; the others are words for the same of other servers.
            case "SlowDown",
                    "SlowDownRead",
                    "SlowDownWrite",
                    "RequestLimitExceeded",
                    "RequestRateLimitExceeded",
                    "BandwidthLimitExceeded",
                    "Throttling",
                    "ThrottlingException",
                    "TooManyRequests",
                    "TooManyRequestsException" -> Meaning.of(Kind.THROTTLED);
            case "InternalError", "ServiceUnavailable" -> Meaning.unclear(Kind.UNAVAILABLE);
            // The service waited in vain for our bytes, or lost some of them: it stored nothing.
            case "RequestTimeout", "IncompleteBody" -> Meaning.of(Kind.UNAVAILABLE);
            case "InvalidObjectState", "RestoreAlreadyInProgress" -> Meaning.of(Kind.ARCHIVED);
            case "QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded" ->
                Meaning.of(Kind.QUOTA);
            // What arrived is not what was sent: once more, and the bytes may come through.
            case "BadDigest",
                    "InvalidDigest",
                    "XAmzContentSHA256Mismatch",
                    "XAmzContentChecksumMismatch",
                    "ChecksumMismatch" -> Meaning.again(Kind.INTEGRITY);
            case "NotImplemented", "MethodNotAllowed", "UnsupportedOperation" -> Meaning.of(Kind.UNSUPPORTED);
            case "KeyTooLongError",
                    "InvalidURI",
                    "XMinioInvalidObjectName",
                    "XMinioInvalidResourceName",
                    "XMinioObjectExistsAsDirectory",
                    "XMinioParentIsObject",
                    "InvalidObjectName",
                    "DirectoryObjectContainsData",
                    "ExistingObjectIsDirectory",
                    "ObjectParentIsFile" -> Meaning.of(Kind.INVALID_KEY);
            case "PermanentRedirect",
                    "TemporaryRedirect",
                    "Redirect",
                    "IllegalLocationConstraintException",
                    "InvalidBucketName" -> Meaning.of(Kind.CONFIGURATION);
            default -> meaning(answer.status(), request);
        };
    }

    private static Meaning meaning(int status, S3Request request) {
        return switch (status) {
            case 304, 412 -> Meaning.of(Kind.PRECONDITION_FAILED);
            case 301, 302, 303, 307, 308 -> Meaning.of(Kind.CONFIGURATION);
            case 401 -> Meaning.of(Kind.UNAUTHENTICATED);
            case 403 -> Meaning.of(Kind.ACCESS_DENIED);
            case 404, 410 -> Meaning.of(request.key() == null ? Kind.BUCKET_NOT_FOUND : Kind.NOT_FOUND);
            case 405, 501 -> Meaning.of(Kind.UNSUPPORTED);
            case 408 -> Meaning.of(Kind.TIMEOUT);
            case 409 -> Meaning.of(Kind.CONFLICT);
            case 416 -> Meaning.of(Kind.RANGE_NOT_SATISFIABLE);
            case 429 -> Meaning.of(Kind.THROTTLED);
            case 507 -> Meaning.of(Kind.QUOTA);
            case 400, 411, 413, 414, 431 -> Meaning.of(Kind.INVALID_ARGUMENT);
            // Gateways too: 502, 503, 504, and Cloudflare's 520 to 527.
            default -> status >= 500 ? Meaning.unclear(Kind.UNAVAILABLE) : Meaning.unclear(Kind.PROTOCOL);
        };
    }

    private String message(ErrorAnswer answer, Kind kind) {
        String what =
                switch (kind) {
                    case NOT_FOUND ->
                        answer.code().equals("NoSuchUpload")
                                ? "there is no such upload"
                                : answer.deleteMarker() ? "the object is deleted" : "there is no such object";
                    case BUCKET_NOT_FOUND -> "there is no bucket " + config.bucket() + " at " + config.where();
                    case PRECONDITION_FAILED -> "the condition does not hold";
                    case CONFLICT ->
                        answer.code().startsWith("Bucket")
                                ? "the bucket is taken or not empty"
                                : "another writer was at the key at the same time";
                    case THROTTLED -> "the service asks to slow down";
                    case CLOCK_SKEW -> "this machine's clock and the service's differ too much";
                    case RANGE_NOT_SATISFIABLE -> "the range has no byte of the object";
                    case ARCHIVED -> "the object is in an archive";
                    case INTEGRITY -> "what arrived is not what was sent";
                    case QUOTA -> "the service has no room left";
                    case ACCESS_DENIED -> "these credentials may not do this";
                    case UNAUTHENTICATED -> "the service does not accept the credentials";
                    case CONFIGURATION -> "the bucket is at another endpoint";
                    case UNSUPPORTED -> "the service can't do this";
                    case UNAVAILABLE -> "the service failed";
                    case INVALID_KEY -> "the service does not take this key";
                    default -> "the service refuses the request";
                };
        if (answer.code().isEmpty()) {
            return what;
        }
        String words = quotations.shown(answer.message(), 300);
        return what + ": " + quotations.shown(answer.code(), 80) + (words.isEmpty() ? "" : ", " + words);
    }

    private @Nullable String fix(ErrorAnswer answer, Kind kind, S3Request request) {
        S3Settings names = config.vendor().settings();
        return switch (kind) {
            case BUCKET_NOT_FOUND -> "create it, or correct " + names.bucket().howToSet();
            case UNAUTHENTICATED ->
                switch (answer.code()) {
                    case "SignatureDoesNotMatch" -> "check " + names.secret().howToSet();
                    case "InvalidAccessKeyId", "XAdminUserNotFound" ->
                        "check " + names.id().howToSet() + ", and that it belongs to " + config.where();
                    case "ExpiredToken", "TokenRefreshRequired" -> "get new temporary credentials";
                    case "AuthorizationHeaderMalformed" -> wrongRegion(answer);
                    default ->
                        "check " + names.id().howToSet() + " and "
                                + names.secret().howToSet();
                };
            case ACCESS_DENIED ->
                request.method().equals("GET") || request.method().equals("HEAD")
                        ? "give the key the right to read; an absent object is answered so too if the key may not list the bucket"
                        : "give the key the right to do this in bucket " + config.bucket();
            case CLOCK_SKEW -> "set this machine's clock";
            case CONFIGURATION -> wrongRegion(answer);
            case ARCHIVED -> "restore it first";
            case THROTTLED -> null;
            case QUOTA -> "make room, or raise the quota";
            default -> null;
        };
    }

    private String wrongRegion(ErrorAnswer answer) {
        S3Settings names = config.vendor().settings();
        String region = answer.region() == null ? "" : quotations.shown(answer.region(), 40);
        if (names.region() == null || region.isEmpty()) {
            return "correct " + names.endpoint().howToSet();
        }
        return "set " + names.region().howToSet() + "=" + region
                + (config.endpointIsSet() ? " and the endpoint of that region" : "");
    }

    /** A failure of the way to the service, or of what came back. */
    StorageException of(IOException e, S3Request request) {
        if (e instanceof HttpException http) {
            return of(http, request);
        }
        if (e instanceof StorageIOException ours) {
            return ours.storageException();
        }
        return broken(e, request);
    }

    /** A success that can't be read is none. */
    private StorageException broken(IOException e, S3Request request) {
        return StorageException.builder(Kind.PROTOCOL)
                .message(config.where() + " did not answer as S3 does: " + e.getMessage())
                .fix("check " + config.vendor().settings().endpoint().howToSet())
                .retryable(true)
                .mayHaveHappened(!request.onlyReads())
                .cause(e)
                .build();
    }

    private StorageException of(HttpException e, S3Request request) {
        StorageException ofSource = ofSource(e);
        if (ofSource != null) {
            return ofSource;
        }
        String endpoint = config.vendor().settings().endpoint().howToSet();
        StorageException.Builder builder =
                switch (e.kind()) {
                    case NAME ->
                        failed(Kind.UNAVAILABLE, e)
                                .fix("check " + endpoint + (config.endpointIsSet() ? "" : " and the region")
                                        + ", and this machine's network");
                    case CONNECT, CONNECT_TIMEOUT ->
                        failed(e.kind() == HttpException.Kind.CONNECT ? Kind.UNAVAILABLE : Kind.TIMEOUT, e)
                                .fix("check that the service runs at " + config.where() + ", or correct " + endpoint);
                    case PROXY -> failed(Kind.UNAVAILABLE, e).fix("check STORAGE_PROXY or HTTPS_PROXY");
                    case PROXY_AUTHENTICATION ->
                        failed(Kind.UNAUTHENTICATED, e)
                                .fix("put user and password into STORAGE_PROXY as http://user:password@host:port");
                    case TLS_SETTINGS -> failed(Kind.CONFIGURATION, e).fix("check STORAGE_CA_BUNDLE");
                    case TLS_UNTRUSTED ->
                        failed(Kind.PROTOCOL, e)
                                .retryable(false)
                                .fix("name the authority that signed it in STORAGE_CA_BUNDLE, a PEM file");
                    case TLS_HOST_NAME ->
                        failed(Kind.PROTOCOL, e)
                                .retryable(false)
                                .fix("use the name that the certificate has in " + endpoint);
                    case TLS_HANDSHAKE ->
                        failed(Kind.PROTOCOL, e).retryable(false).fix(speaksTls(endpoint));
                    // Who waits for a line of HTTP says nothing to a greeting of TLS.
                    case TLS_TIMEOUT -> failed(Kind.TIMEOUT, e).fix(speaksTls(endpoint));
                    case PROTOCOL ->
                        failed(Kind.PROTOCOL, e)
                                .fix("check that " + endpoint + " leads to an S3 service"
                                        + (config.endpoint().getScheme().equals("http")
                                                ? "; if it speaks TLS, write https://"
                                                : ""));
                    case SEND, NO_ANSWER, TRUNCATED -> failed(Kind.UNAVAILABLE, e);
                    case ANSWER_TIMEOUT, STALL, DEADLINE -> failed(Kind.TIMEOUT, e);
                    case CANCELLED, INTERRUPTED -> failed(Kind.CANCELLED, e);
                    case CLOSED -> failed(Kind.CLOSED, e);
                    case SOURCE -> failed(Kind.SOURCE_FAILED, e);
                };
        return builder.mayHaveHappened(e.requestMayHaveBeenProcessed() && !request.onlyReads())
                .build();
    }

    private String speaksTls(String endpoint) {
        return "check that " + config.where() + " speaks TLS; if it does not, write http:// in " + endpoint;
    }

    private StorageException.Builder failed(Kind kind, HttpException e) {
        return StorageException.builder(kind)
                .message(String.valueOf(e.getMessage()))
                .cause(e);
    }

    /** The caller's own bytes failed: that is no fault of the service's, and passes as it is. */
    private static @Nullable StorageException ofSource(HttpException e) {
        if (e.kind() != HttpException.Kind.SOURCE) {
            return null;
        }
        if (e.getCause() instanceof StorageIOException ours) {
            return ours.storageException();
        }
        if (e.getCause() instanceof IOException cause) {
            return StorageException.builder(Kind.SOURCE_FAILED)
                    .message("the source failed: " + cause.getMessage())
                    .cause(cause)
                    .mayHaveHappened(e.requestMayHaveBeenProcessed())
                    .build();
        }
        return StorageException.builder(Kind.SOURCE_CHANGED)
                .message("the source has another length than before")
                .cause(e)
                .mayHaveHappened(e.requestMayHaveBeenProcessed())
                .build();
    }
}
