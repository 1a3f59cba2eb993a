package dev.anystore.gcs;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.http.HttpException;
import dev.anystore.spi.Secret;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a refusal of the service, or a failure of the way to it, becomes ours: with its kind, whether another try
 * makes sense, whether the request may have taken effect all the same, and what the user can do.
 *
 * @see <a href="https://cloud.google.com/storage/docs/json_api/v1/status-codes">JSON</a>
 * @see <a href="https://cloud.google.com/storage/docs/xml-api/reference-status">XML</a>
 */
final class GcsErrors {
    // A signed URL that is quoted, and a token.
    private static final Pattern SIGNED =
            Pattern.compile("(?i)(signature|credential)(=|%3D)[^&,;\\s]+|(bearer\\s+)[^\\s,;]+|ya29\\.[^\\s,;]+");

    private final GcsConfig config;

    GcsErrors(GcsConfig config) {
        this.config = config;
    }

    /** What a code, or else a status, means. */
    private record Meaning(
            Kind kind,
            @Nullable Boolean retryable,
            boolean nothingHappened,
            String what,
            @Nullable String fix) {
        static Meaning of(Kind kind, String what, @Nullable String fix) {
            return new Meaning(kind, null, true, what, fix);
        }

        static Meaning again(Kind kind, String what) {
            return new Meaning(kind, true, true, what, null);
        }

        static Meaning never(Kind kind, String what, @Nullable String fix) {
            return new Meaning(kind, false, true, what, fix);
        }

        /** The service failed in the middle: what it did before is not known. */
        static Meaning unclear(Kind kind, String what) {
            return new Meaning(kind, null, false, what, null);
        }
    }

    /** A refusal. */
    StorageException of(ErrorAnswer answer, GcsRequest request) {
        return of(answer, request, false);
    }

    /**
     * A refusal.
     *
     * @param renewed whether the token had been renewed before
     */
    StorageException of(ErrorAnswer answer, GcsRequest request, boolean renewed) {
        Meaning meaning = meaning(answer, request, renewed);
        String words = shown(answer.message(), 300);
        String text = meaning.what()
                + (answer.code().isEmpty() ? "" : ": " + shown(answer.code(), 80))
                + (words.isEmpty() ? "" : (answer.code().isEmpty() ? ": " : ", ") + words);
        StorageException.Builder builder = StorageException.builder(meaning.kind())
                .message(text)
                .fix(meaning.fix())
                .status(answer.status())
                .requestId(answer.requestId() == null ? null : GcsText.shown(answer.requestId(), 128))
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

    /** What the service says, without what it quotes of our credentials, harmless to terminals and logs. */
    private String shown(String text, int atMost) {
        String clean = SIGNED.matcher(text).replaceAll("***");
        ObjectDefaults.CustomerKey key = config.objects().customerKey();
        Secret secret = key == null ? null : key.base64();
        return GcsText.shown(secret == null ? clean : clean.replace(secret.reveal(), "***"), atMost);
    }

    private Meaning meaning(ErrorAnswer answer, GcsRequest request, boolean renewed) {
        String message = answer.message().toLowerCase(Locale.ROOT);
        // Said with 400 by the JSON API, with 400 or 403 by the XML API.
        if (answer.code().equals("UserProjectMissing")
                || answer.code().equals("userProjectMissing")
                || message.contains("requester pays bucket but no user project")) {
            return Meaning.of(
                    Kind.ACCESS_DENIED,
                    "the bucket makes the requester pay, and no project was named that does",
                    "set " + GcsSettings.USER_PROJECT.howToSet() + " to a project of yours");
        }
        return switch (answer.code()) {
            case "NoSuchBucket" -> noBucket();
            case "NoSuchKey", "NoSuchVersion" -> absent(request);
            case "NoSuchUpload" -> Meaning.of(Kind.NOT_FOUND, "there is no such upload", null);
            case "conditionNotMet", "PreconditionFailed" ->
                Meaning.of(Kind.PRECONDITION_FAILED, "the condition does not hold", null);
            case "rateLimitExceeded",
                    "userRateLimitExceeded",
                    "slowDown",
                    "SlowDown",
                    "RateLimitExceeded",
                    "TooManyRequests" -> throttled(answer);
            case "quotaExceeded", "dailyLimitExceeded", "QuotaExceeded" ->
                Meaning.of(Kind.QUOTA, "a quota is used up", "raise it in the project's list of quotas, or wait");
            case "billingNotEnabled", "UserProjectAccountProblem", "AccountProblem", "accountDisabled" ->
                Meaning.of(
                        Kind.ACCESS_DENIED, "the project that pays has no account that does", "look after its billing");
            case "UserProjectAccessDenied", "UserProjectInvalid", "userProjectInvalid" ->
                Meaning.of(
                        Kind.ACCESS_DENIED,
                        "the project that shall pay is not one that this account may use",
                        "correct " + GcsSettings.USER_PROJECT.howToSet()
                                + ", or give the account the right serviceusage.services.use on it");
            case "RequestTimeTooSkewed" ->
                Meaning.of(
                        Kind.CLOCK_SKEW,
                        "this machine's clock and the service's differ too much",
                        "set this machine's clock, or let NTP do it");
            case "BucketAlreadyExists", "BucketAlreadyOwnedByYou", "BucketNotEmpty" ->
                Meaning.never(Kind.CONFLICT, "the bucket is taken or not empty", null);
            case "InvalidRange", "requestedRangeNotSatisfiable" ->
                Meaning.of(Kind.RANGE_NOT_SATISFIABLE, "the range has no byte of the object", null);
            case "BadDigest", "InvalidDigest" -> Meaning.again(Kind.INTEGRITY, "what arrived is not what was sent");
            case "IncompleteBody" -> Meaning.of(Kind.UNAVAILABLE, "the service lost some of the bytes", null);
            case "CustomerEncryptionKeyIsIncorrect",
                    "customerEncryptionKeyIsIncorrect",
                    "ResourceIsEncryptedWithCustomerEncryptionKey",
                    "resourceIsEncryptedWithCustomerEncryptionKey",
                    "ResourceNotEncryptedWithCustomerEncryptionKey",
                    "resourceNotEncryptedWithCustomerEncryptionKey" ->
                Meaning.of(
                        Kind.ACCESS_DENIED,
                        "the object is encrypted otherwise than with the key that was sent",
                        "set " + GcsSettings.CUSTOMER_KEY.howToSet() + " to the key that it was written with");
            case "EntityTooSmall", "InvalidPart", "InvalidPartOrder", "EntityTooLarge" ->
                Meaning.of(Kind.INVALID_ARGUMENT, "the service does not take the parts", null);
            case "KeyTooLong", "KeyTooLongError", "InvalidURI" ->
                Meaning.of(Kind.INVALID_KEY, "the service does not take this key", null);
            default -> byStatus(answer, request, message, renewed);
        };
    }

    private Meaning byStatus(ErrorAnswer answer, GcsRequest request, String message, boolean renewed) {
        return switch (answer.status()) {
            case 304, 412 -> Meaning.of(Kind.PRECONDITION_FAILED, "the condition does not hold", null);
            case 401 -> unauthenticated(message, renewed);
            case 403 -> denied(request);
            case 404 ->
                message.contains("bucket does not exist") || message.contains("bucket not found")
                        ? noBucket()
                        : absent(request);
            case 410 -> Meaning.of(Kind.NOT_FOUND, "it is not there any more", null);
            case 405, 501 -> Meaning.of(Kind.UNSUPPORTED, "the service can't do this", null);
            case 408 -> Meaning.of(Kind.TIMEOUT, "the service waited in vain for the request", null);
            case 409 ->
                request.key() == null
                        ? Meaning.never(Kind.CONFLICT, "the bucket is taken or not empty", null)
                        : Meaning.of(Kind.CONFLICT, "another writer was at the key at the same time", null);
            case 416 -> Meaning.of(Kind.RANGE_NOT_SATISFIABLE, "the range has no byte of the object", null);
            case 429 -> throttled(answer);
            case 400 ->
                message.contains("crc32c") || message.contains("md5 hash") || message.contains("checksum")
                        ? Meaning.again(Kind.INTEGRITY, "what arrived is not what was sent")
                        : Meaning.of(Kind.INVALID_ARGUMENT, "the service refuses the request", null);
            case 411, 413, 414, 431 -> Meaning.of(Kind.INVALID_ARGUMENT, "the service refuses the request", null);
            case 301, 302, 303, 307, 308 ->
                Meaning.of(
                        Kind.CONFIGURATION,
                        "the answer points elsewhere, where no token goes",
                        "correct " + GcsSettings.ENDPOINT.howToSet());
            default ->
                answer.status() >= 500
                        ? Meaning.unclear(Kind.UNAVAILABLE, "the service failed")
                        : Meaning.unclear(Kind.PROTOCOL, "the service gives an answer that its API has not");
        };
    }

    private Meaning noBucket() {
        return Meaning.of(
                Kind.BUCKET_NOT_FOUND,
                "there is no bucket " + config.bucket() + " at " + config.where(),
                "create it, or correct " + GcsSettings.BUCKET.howToSet());
    }

    private Meaning absent(GcsRequest request) {
        if (request.key() == null) {
            return noBucket();
        }
        // A write that expects a revision of what is not there.
        return !request.onlyReads() && request.conditional()
                ? Meaning.of(Kind.PRECONDITION_FAILED, "there is no such object", null)
                : Meaning.of(Kind.NOT_FOUND, "there is no such object", null);
    }

    private static Meaning throttled(ErrorAnswer answer) {
        boolean oneName = answer.message().toLowerCase(Locale.ROOT).contains("object mutation")
                || answer.message().contains("rate limit for object");
        return Meaning.of(
                Kind.THROTTLED,
                oneName ? "one name is written more often than the service allows" : "the service asks to slow down",
                oneName ? "write one name about once a second at most, or other names" : null);
    }

    private Meaning unauthenticated(String message, boolean renewed) {
        if (config.sendsNoCredentials() || message.contains("anonymous caller")) {
            return Meaning.of(
                    Kind.UNAUTHENTICATED,
                    "the service wants credentials, and none were sent",
                    "set " + GcsSettings.CREDENTIALS.howToSet() + ", and leave out "
                            + (config.emulator() ? GcsSettings.EMULATOR : GcsSettings.ANONYMOUS).howToSet());
        }
        return Meaning.of(
                Kind.UNAUTHENTICATED,
                renewed
                        ? "the service does not accept the token, nor another one that was fetched for it"
                        : "the service does not accept the token",
                "check that the account of " + GcsSettings.CREDENTIALS.howToSet() + " is enabled, and its key current");
    }

    private Meaning denied(GcsRequest request) {
        String right;
        if (request.key() == null) {
            right = request.path().contains("/o") || request.xml()
                    ? "storage.objects.list (role Storage Object Viewer)"
                    : "storage.buckets.get and its like (role Storage Admin)";
        } else {
            right = request.onlyReads()
                    ? "storage.objects.get (role Storage Object Viewer); without storage.objects.list an absent object is answered so too"
                    : "storage.objects.create and storage.objects.delete (role Storage Object User)";
        }
        return Meaning.of(
                Kind.ACCESS_DENIED,
                config.sendsNoCredentials()
                        ? "strangers may not do this in bucket " + config.bucket()
                        : "the account may not do this in bucket " + config.bucket(),
                config.anonymous()
                        ? "leave out " + GcsSettings.ANONYMOUS.howToSet() + " and set "
                                + GcsSettings.CREDENTIALS.howToSet()
                        : "give the account " + right);
    }

    /** A failure of the way to the service, or of what came back. */
    StorageException of(IOException e, GcsRequest request) {
        if (e instanceof HttpException http) {
            return of(http, request);
        }
        if (e instanceof StorageIOException ours) {
            return ours.storageException();
        }
        // A success that can't be read is none.
        return StorageException.builder(Kind.PROTOCOL)
                .message(config.where() + " did not answer as Cloud Storage does: " + e.getMessage())
                .fix("check " + endpointSetting())
                .retryable(true)
                .mayHaveHappened(!request.onlyReads())
                .cause(e)
                .build();
    }

    private String endpointSetting() {
        return (config.emulator() ? GcsSettings.EMULATOR : GcsSettings.ENDPOINT).howToSet();
    }

    private StorageException of(HttpException e, GcsRequest request) {
        StorageException ofSource = ofSource(e);
        if (ofSource != null) {
            return ofSource;
        }
        String endpoint = endpointSetting();
        StorageException.Builder builder =
                switch (e.kind()) {
                    case NAME -> failed(Kind.UNAVAILABLE, e).fix("check " + endpoint + ", and this machine's network");
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
                                .fix("check that " + endpoint + " leads to Cloud Storage"
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

    private static StorageException.Builder failed(Kind kind, HttpException e) {
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
