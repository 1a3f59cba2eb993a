package dev.anystore.azure;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.http.HttpException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a refusal of the service, or a failure of the way to it, becomes ours: with its kind, whether another
 * try makes sense, whether the request may have taken effect all the same, and what the user can do.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes">Azure's list of codes</a>
 */
final class AzureErrors {
    private final AzureConfig config;
    private final Access access;
    private final Supplier<Instant> now;
    private final Quotations quotations;

    AzureErrors(AzureConfig config, Access access, Supplier<Instant> now) {
        this.config = config;
        this.access = access;
        this.now = now;
        this.quotations = new Quotations(access);
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
    StorageException of(ErrorAnswer answer, AzureRequest request) {
        Meaning meaning = meaning(answer, request);
        StorageException.Builder builder = StorageException.builder(meaning.kind())
                .message(message(answer, meaning.kind(), request))
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

    private Meaning meaning(ErrorAnswer answer, AzureRequest request) {
        return switch (answer.code()) {
            case "BlobNotFound" -> absent(request);
            case "ResourceNotFound" -> request.key() == null ? Meaning.of(Kind.BUCKET_NOT_FOUND) : absent(request);
            case "ContainerNotFound", "ContainerDisabled" -> Meaning.of(Kind.BUCKET_NOT_FOUND);
            // The service takes 30 s or more to delete a container; until then its name is taken.
            case "ContainerBeingDeleted" -> Meaning.again(Kind.CONFLICT);
            case "ContainerAlreadyExists" -> Meaning.never(Kind.CONFLICT);
            case "AuthenticationFailed" ->
                isClock(answer) ? Meaning.of(Kind.CLOCK_SKEW) : Meaning.of(Kind.UNAUTHENTICATED);
            case "InvalidAuthenticationInfo", "NoAuthenticationInformation" -> Meaning.of(Kind.UNAUTHENTICATED);
            case "AuthorizationFailure",
                    "AuthorizationPermissionMismatch",
                    "AuthorizationResourceTypeMismatch",
                    "AuthorizationServiceMismatch",
                    "AuthorizationSourceIPMismatch",
                    "AuthorizationProtocolMismatch",
                    "InsufficientAccountPermissions",
                    "KeyBasedAuthenticationNotPermitted",
                    "PublicAccessNotPermitted",
                    "AccountIsDisabled",
                    "CannotVerifyCopySource" ->
                answer.status() == 404 ? Meaning.of(Kind.NOT_FOUND) : Meaning.of(Kind.ACCESS_DENIED);
            case "ConditionNotMet",
                    "TargetConditionNotMet",
                    "SourceConditionNotMet",
                    // The word for "only if absent" that did not hold, of a put and of a copy.
                    "BlobAlreadyExists",
                    "UnauthorizedBlobOverwrite" -> Meaning.of(Kind.PRECONDITION_FAILED);
            case "InvalidRange" -> Meaning.of(Kind.RANGE_NOT_SATISFIABLE);
            case "BlobArchived", "BlobBeingRehydrated", "BlobNotRehydrated" -> Meaning.of(Kind.ARCHIVED);
            // A writer that committed to the same blob has dropped what others had put there.
            case "InvalidBlockList",
                    "InvalidBlockId",
                    "InvalidBlobOrBlock",
                    "InvalidBlobType",
                    "LeaseIdMissing",
                    "LeaseIdMismatchWithBlobOperation",
                    "LeaseIdMismatchWithContainerOperation",
                    "LeaseLost",
                    "SnapshotsPresent",
                    "BlobImmutableDueToPolicy",
                    "BlobImmutableDueToLegalHold",
                    "PendingCopyOperation" -> Meaning.never(Kind.CONFLICT);
            case "BlockCountExceedsLimit", "BlockListTooLong" -> Meaning.of(Kind.INVALID_ARGUMENT);
            case "ServerBusy", "OperationThrottled" -> Meaning.of(Kind.THROTTLED);
            case "InternalError", "OperationTimedOut" -> Meaning.unclear(Kind.UNAVAILABLE);
            case "Md5Mismatch", "Crc64Mismatch", "InvalidMd5", "InvalidCrc64" -> Meaning.again(Kind.INTEGRITY);
            case "InvalidOperation" ->
                answer.message().contains("contentMD5") ? Meaning.again(Kind.INTEGRITY) : Meaning.of(Kind.UNSUPPORTED);
            case "InvalidHeaderValue" ->
                answer.status() == 400 && isVersion(answer)
                        ? Meaning.of(Kind.CONFIGURATION)
                        : Meaning.of(Kind.INVALID_ARGUMENT);
            case "UnsupportedHeader", "UnsupportedHttpVerb", "FeatureNotSupported", "NotImplemented" ->
                Meaning.of(Kind.UNSUPPORTED);
            case "InvalidResourceName", "InvalidUri", "ResourceTypeMismatch" -> Meaning.of(Kind.INVALID_KEY);
            default -> meaning(answer.status(), request);
        };
    }

    /** A write that expects a revision of what is not there. */
    private static Meaning absent(AzureRequest request) {
        boolean expected = !request.onlyReads() && request.headers().get("if-match") != null;
        return Meaning.of(expected ? Kind.PRECONDITION_FAILED : Kind.NOT_FOUND);
    }

    private static Meaning meaning(int status, AzureRequest request) {
        return switch (status) {
            case 304, 412 -> Meaning.of(Kind.PRECONDITION_FAILED);
            case 301, 302, 303, 307, 308 -> Meaning.of(Kind.CONFIGURATION);
            case 401 -> Meaning.of(Kind.UNAUTHENTICATED);
            case 403 -> Meaning.of(Kind.ACCESS_DENIED);
            case 404, 410 -> request.key() == null ? Meaning.of(Kind.BUCKET_NOT_FOUND) : absent(request);
            case 405, 501 -> Meaning.of(Kind.UNSUPPORTED);
            case 408 -> Meaning.of(Kind.TIMEOUT);
            case 409 -> Meaning.of(Kind.CONFLICT);
            case 416 -> Meaning.of(Kind.RANGE_NOT_SATISFIABLE);
            case 429 -> Meaning.of(Kind.THROTTLED);
            case 507 -> Meaning.of(Kind.QUOTA);
            case 400, 411, 413, 414, 431 -> Meaning.of(Kind.INVALID_ARGUMENT);
            default -> status >= 500 ? Meaning.unclear(Kind.UNAVAILABLE) : Meaning.unclear(Kind.PROTOCOL);
        };
    }

    /** The service has no word of its own for a wrong clock; its date tells, and so does its sentence. */
    private boolean isClock(ErrorAnswer answer) {
        boolean far = answer.time() != null
                && Duration.between(now.get(), answer.time()).abs().compareTo(AzureClient.CLOCK_LIMIT) >= 0;
        return (far && access instanceof Access.SharedKey)
                || answer.detail().contains("date header too old")
                || answer.detail().contains("date header is in the future");
    }

    private static boolean isVersion(ErrorAnswer answer) {
        return answer.message().contains("API version") || answer.message().contains("x-ms-version");
    }

    private String message(ErrorAnswer answer, Kind kind, AzureRequest request) {
        String what = words(answer, kind, request);
        if (answer.code().isEmpty()) {
            return what;
        }
        String words = quotations.shown(answer.message(), 300);
        String detail = quotations.shown(answer.detail().replace('\n', ' '), 300);
        return what + ": " + quotations.shown(answer.code(), 80)
                + (words.isEmpty() ? "" : ", " + words)
                + (detail.isEmpty() ? "" : " " + detail);
    }

    private String words(ErrorAnswer answer, Kind kind, AzureRequest request) {
        return switch (kind) {
            case NOT_FOUND -> "there is no such object";
            case BUCKET_NOT_FOUND -> "there is no container " + config.container() + " at " + config.where();
            case PRECONDITION_FAILED -> "the condition does not hold";
            case CONFLICT -> conflict(answer);
            case THROTTLED -> "the service asks to slow down";
            case CLOCK_SKEW -> "this machine's clock and the service's differ too much";
            case RANGE_NOT_SATISFIABLE -> "the range has no byte of the object";
            case ARCHIVED ->
                answer.code().equals("BlobArchived")
                        ? "the object is in the tier Archive"
                        : "the object is on its way out of the tier Archive";
            case INTEGRITY -> "what arrived is not what was sent";
            case QUOTA -> "the service has no room left";
            case ACCESS_DENIED -> denied(answer, request);
            case UNAUTHENTICATED -> "the service does not accept the credentials" + ended();
            case CONFIGURATION ->
                isVersion(answer)
                        ? "the service does not know the version " + config.serviceVersion() + " of its interface"
                        : "the account is at another endpoint";
            case UNSUPPORTED -> "the service can't do this";
            case UNAVAILABLE -> "the service failed";
            case INVALID_KEY -> "the service does not take this key";
            default -> "the service refuses the request";
        };
    }

    private static String conflict(ErrorAnswer answer) {
        String code = answer.code();
        return switch (code) {
            case "InvalidBlobType" ->
                "an append or page blob is at this key, which only its own kind of writer changes";
            case "InvalidBlockList", "InvalidBlockId" ->
                "the parts of this upload are gone: another writer published this key, and with that the service drops them";
            case "InvalidBlobOrBlock" ->
                "somebody else has an unfinished upload at this key, whose parts have names of another length";
            case "SnapshotsPresent" -> "the object has snapshots, and goes only together with them";
            case "ContainerBeingDeleted" -> "the container is being deleted, which takes half a minute or longer";
            case "ContainerAlreadyExists" -> "the container is there already";
            case "PendingCopyOperation" -> "somebody copies to this key at the moment";
            default ->
                code.startsWith("Lease")
                        ? "somebody else holds a lease on the object or the container"
                        : code.startsWith("BlobImmutable")
                                ? "a policy keeps the object as it is"
                                : "another writer was at the key at the same time";
        };
    }

    /** What a signature lacks it says itself. */
    private String denied(ErrorAnswer answer, AzureRequest request) {
        if (answer.code().equals("CannotVerifyCopySource")) {
            return "the service may not read the source of the copy";
        }
        if (!(access instanceof Access.Signature signature)) {
            return "these credentials may not do this";
        }
        Sas sas = signature.sas();
        String rights = sas.rights();
        if (answer.code().equals("AuthorizationResourceTypeMismatch") && sas.resourceTypes() != null) {
            return "the SAS is for resources of the types srt=" + quotations.shown(sas.resourceTypes(), 10)
                    + ", and this needs " + (request.key() == null ? "containers (c)" : "objects (o)");
        }
        if (rights != null && !rights.contains(request.right().letter())) {
            return "the SAS allows sp=" + quotations.shown(rights, 30) + ", and this needs " + request.right();
        }
        return "the SAS does not allow this, which needs " + request.right();
    }

    /** Why a signature may have been refused, as far as it says itself. */
    private String ended() {
        if (!(access instanceof Access.Signature signature)) {
            return "";
        }
        Instant ends = signature.sas().ends();
        Instant begins = signature.sas().begins();
        if (ends != null && !ends.isAfter(now.get())) {
            return ", the SAS ended at " + ends;
        }
        return begins != null && begins.isAfter(now.get()) ? ", the SAS begins at " + begins : "";
    }

    private @Nullable String fix(ErrorAnswer answer, Kind kind, AzureRequest request) {
        return switch (kind) {
            case BUCKET_NOT_FOUND -> "create it, or correct " + AzureSettings.CONTAINER.howToSet();
            case UNAUTHENTICATED -> credentials(answer);
            case ACCESS_DENIED -> rights(answer, request);
            case CLOCK_SKEW -> "set this machine's clock";
            case CONFIGURATION ->
                isVersion(answer)
                        ? "set " + AzureSettings.SERVICE_VERSION.howToSet() + " to one that it knows"
                        : "correct " + AzureSettings.ACCOUNT_URL.howToSet();
            case ARCHIVED ->
                answer.code().equals("BlobArchived")
                        ? "set its tier to Hot, Cool or Cold and wait for up to 15 hours, or copy it to another key in one of these tiers"
                        : "wait, for up to 15 hours from when its tier was set";
            case CONFLICT -> afterConflict(answer);
            case QUOTA -> "make room, or raise the quota";
            default -> null;
        };
    }

    private static @Nullable String afterConflict(ErrorAnswer answer) {
        String code = answer.code();
        return switch (code) {
            case "InvalidBlobType" -> "delete it first, or take another key";
            case "InvalidBlockList", "InvalidBlockId" ->
                "write it again; where several may write one key, let each write if it is absent or has a revision";
            case "InvalidBlobOrBlock" ->
                "take another key, put a small object there first, which drops those parts, or wait for a week until they are dropped";
            case "SnapshotsPresent" -> "delete the snapshots first, each by its version";
            case "ContainerBeingDeleted" -> "wait, or take another name";
            default ->
                code.startsWith("Lease")
                        ? "wait until it ends, or break it: az storage blob lease break"
                        : code.startsWith("BlobImmutable") ? "wait until the policy's time is over" : null;
        };
    }

    private String credentials(ErrorAnswer answer) {
        if (access instanceof Access.Signature) {
            return ended().isEmpty()
                    ? "make a new SAS, and copy all of it" + inSetting()
                    : "make a new SAS that holds now" + inSetting();
        }
        if (access instanceof Access.SharedKey) {
            return "check the account's key" + inSetting() + ", and that it is of account " + config.account();
        }
        if (access instanceof Access.None) {
            return "set " + AzureSettings.CONNECTION_STRING.howToSet()
                    + " or another credential; the container is not public";
        }
        return answer.code().isEmpty() ? "check who is signed in" : "check who is signed in, and in which directory";
    }

    private static String inSetting() {
        return " (" + AzureSettings.CONNECTION_STRING.howToSet() + ", " + AzureSettings.CREDENTIAL.howToSet() + ")";
    }

    private String rights(ErrorAnswer answer, AzureRequest request) {
        return switch (answer.code()) {
            case "AuthorizationSourceIPMismatch" -> "make a SAS without sip=, or for this machine's address";
            case "AuthorizationProtocolMismatch" -> "use https, or make a SAS with spr=https,http";
            case "AuthorizationServiceMismatch" -> "make a SAS for blobs: ss=b";
            case "AuthorizationResourceTypeMismatch" -> "make a SAS with srt=co";
            case "KeyBasedAuthenticationNotPermitted" ->
                "the account allows no keys: leave the key out and add com.azure:azure-identity";
            case "CannotVerifyCopySource" -> "give the credentials the right to read the source";
            default -> {
                if (access instanceof Access.Signature) {
                    yield "make a SAS for container " + config.container() + " that allows " + request.right();
                }
                yield access instanceof Access.Directory
                        ? "give the identity the role Storage Blob Data Contributor on container " + config.container()
                        : "check the account's firewall, and that the container is public if no credentials are set";
            }
        };
    }

    /** A failure of the way to the service, or of what came back. */
    StorageException of(IOException e, AzureRequest request) {
        if (e instanceof HttpException http) {
            return of(http, request);
        }
        if (e instanceof StorageIOException ours) {
            return ours.storageException();
        }
        // A success that can't be read is none.
        return StorageException.builder(Kind.PROTOCOL)
                .message(config.where() + " did not answer as Azure does: " + e.getMessage())
                .fix("check " + AzureSettings.ACCOUNT_URL.howToSet())
                .retryable(true)
                .mayHaveHappened(!request.onlyReads())
                .cause(e)
                .build();
    }

    private StorageException of(HttpException e, AzureRequest request) {
        StorageException ofSource = ofSource(e);
        if (ofSource != null) {
            return ofSource;
        }
        String endpoint = AzureSettings.ACCOUNT_URL.howToSet();
        StorageException.Builder builder =
                switch (e.kind()) {
                    case NAME ->
                        failed(Kind.UNAVAILABLE, e)
                                .fix("check the account's name in " + endpoint + ", "
                                        + AzureSettings.CONNECTION_STRING.howToSet() + " or "
                                        + AzureSettings.ACCOUNT.howToSet()
                                        + ": an account that is not there has no address; and this machine's network");
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
                                .fix("check that " + endpoint + " leads to a blob service"
                                        + (config.origin().tls() ? "" : "; if it speaks TLS, write https://"));
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
