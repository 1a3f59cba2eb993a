package dev.anystore.b2;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.StorageIOException;
import dev.anystore.http.HttpException;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a refusal of the service, or a failure of the way to it, becomes ours: with its kind, whether another
 * try makes sense, whether the request may have taken effect all the same, and what the user can do.
 *
 * @see <a href="https://www.backblaze.com/docs/cloud-storage-native-api-error-handling">the service's codes</a>
 */
final class B2Errors {
    // Tokens of accounts, of uploads and of downloads all begin with the number of their cluster's format.
    private static final Pattern TOKEN = Pattern.compile("\\b[34]_[A-Za-z0-9_=-]{12,}");

    private final B2Config config;

    B2Errors(B2Config config) {
        this.config = config;
    }

    /** What a code, or else a status, means. */
    private record Meaning(Kind kind, @Nullable Boolean retryable, boolean nothingHappened) {
        static Meaning of(Kind kind) {
            return new Meaning(kind, null, true);
        }

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
    StorageException of(Refusal refusal, B2Request request) {
        Meaning meaning = meaning(refusal, request);
        StorageException.Builder builder = StorageException.builder(meaning.kind())
                .message(message(refusal, meaning.kind(), request))
                .fix(fix(refusal, meaning.kind(), request))
                .status(refusal.status())
                .retryAfter(refusal.retryAfter())
                .cause(refusal);
        if (meaning.retryable() != null) {
            builder.retryable(meaning.retryable());
        }
        // Sent twice over a dead connection: the first sending may be what the second one conflicts with.
        boolean clear = meaning.nothingHappened() && !refusal.resent();
        return builder.mayHaveHappened(!clear && !request.changesNothing()).build();
    }

    private static Meaning meaning(Refusal refusal, B2Request request) {
        String code = refusal.code();
        if (code.endsWith("cap_exceeded")) {
            return Meaning.of(Kind.QUOTA);
        }
        return switch (code) {
            case "unauthorized" -> Meaning.of(authorizes(request) ? Kind.UNAUTHENTICATED : Kind.ACCESS_DENIED);
            case "access_denied" -> Meaning.of(Kind.ACCESS_DENIED);
            // An upload URL's token ends sooner than an account's; another URL is a new request.
            case "bad_auth_token", "expired_auth_token" ->
                request.uploads() ? Meaning.of(Kind.UNAVAILABLE) : Meaning.again(Kind.UNAUTHENTICATED);
            case "auth_token_limit" -> Meaning.of(Kind.UNAVAILABLE);
            case "bad_bucket_id", "no_such_bucket" -> Meaning.of(Kind.BUCKET_NOT_FOUND);
            case "file_not_present", "no_such_file", "not_found" -> Meaning.of(Kind.NOT_FOUND);
            case "duplicate_bucket_name", "cannot_delete_non_empty_bucket" -> Meaning.never(Kind.CONFLICT);
            case "too_many_buckets" -> Meaning.of(Kind.QUOTA);
            case "conflict" -> Meaning.of(Kind.CONFLICT);
            case "range_not_satisfiable" -> Meaning.of(Kind.RANGE_NOT_SATISFIABLE);
            case "too_many_requests" -> Meaning.of(Kind.THROTTLED);
            case "service_unavailable", "internal_error" -> Meaning.unclear(Kind.UNAVAILABLE);
            case "request_timeout" -> Meaning.of(Kind.TIMEOUT);
            case "bad_request", "bad_json", "out_of_range", "invalid_file_id" -> badRequest(refusal, request);
            default -> meaning(refusal.status(), request);
        };
    }

    /** One code for many things: only the sentence tells them apart. */
    private static Meaning badRequest(Refusal refusal, B2Request request) {
        String words = refusal.words().toLowerCase(Locale.ROOT);
        if (request.uploads() && (words.contains("sha1 did not match") || words.contains("checksum did not match"))) {
            return Meaning.again(Kind.INTEGRITY);
        }
        if (words.contains("no active upload")
                || words.contains("not present")
                || words.contains("not found")
                || words.contains("invalid fileid")
                || words.contains("bad fileid")) {
            return Meaning.of(Kind.NOT_FOUND);
        }
        if (words.contains("file name")) {
            return Meaning.of(words.contains("file info") ? Kind.INVALID_ARGUMENT : Kind.INVALID_KEY);
        }
        return Meaning.of(Kind.INVALID_ARGUMENT);
    }

    private static Meaning meaning(int status, B2Request request) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> Meaning.of(Kind.CONFIGURATION);
            case 401 -> Meaning.of(authorizes(request) ? Kind.UNAUTHENTICATED : Kind.ACCESS_DENIED);
            case 403 -> Meaning.of(Kind.ACCESS_DENIED);
            case 404, 410 -> Meaning.of(request.key() == null ? Kind.PROTOCOL : Kind.NOT_FOUND);
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

    private static boolean authorizes(B2Request request) {
        return request.operation().equals("b2_authorize_account");
    }

    private String message(Refusal refusal, Kind kind, B2Request request) {
        String what =
                switch (kind) {
                    case NOT_FOUND ->
                        request.operation().contains("large_file")
                                        || request.operation().contains("part")
                                ? "there is no such upload"
                                : "there is no such object";
                    case BUCKET_NOT_FOUND -> "there is no bucket " + config.bucket() + " at " + config.where();
                    case CONFLICT -> "the bucket is taken, not empty, or was changed at the same time";
                    case THROTTLED -> "the service asks to slow down";
                    case RANGE_NOT_SATISFIABLE -> "the range has no byte of the object";
                    case INTEGRITY -> "what arrived is not what was sent";
                    case QUOTA -> "a cap of the account is reached";
                    case ACCESS_DENIED -> "this application key may not do this";
                    case UNAUTHENTICATED ->
                        authorizes(request)
                                ? "the service does not accept the application key"
                                : "the service does not accept the token any more";
                    case CONFIGURATION -> "the service is somewhere else";
                    case UNSUPPORTED -> "the service can't do this";
                    case UNAVAILABLE -> "the service failed";
                    case TIMEOUT -> "the service waited too long for the request";
                    case INVALID_KEY -> "the service does not take this key";
                    default -> "the service refuses the request";
                };
        String words = words(refusal.words());
        String code = refusal.code().isEmpty() ? "" : ": " + B2Text.shown(refusal.code(), 80);
        return what + code + (words.isEmpty() ? "" : ", " + words);
    }

    /** The service's sentence without what it quotes of our credentials. */
    private String words(String text) {
        String clean = text.replace(config.key().reveal(), "***");
        return B2Text.shown(TOKEN.matcher(clean).replaceAll("***"), 300);
    }

    private @Nullable String fix(Refusal refusal, Kind kind, B2Request request) {
        return switch (kind) {
            case BUCKET_NOT_FOUND -> "create it, or correct " + B2Settings.BUCKET.howToSet();
            case UNAUTHENTICATED ->
                authorizes(request)
                        ? "check " + B2Settings.KEY_ID.howToSet() + " and " + B2Settings.KEY.howToSet()
                                + ", and that the key belongs to " + config.where()
                        : null;
            case ACCESS_DENIED -> denied(request);
            case CONFIGURATION -> "correct " + B2Settings.API_URL.howToSet();
            case QUOTA ->
                refusal.code().equals("too_many_buckets")
                        ? "delete a bucket, or ask Backblaze for more"
                        : "raise the cap of the account on Backblaze's page of caps and alerts";
            default -> null;
        };
    }

    private String denied(B2Request request) {
        String capability = capability(request.operation());
        return "give the application key " + (capability.isEmpty() ? "the right to do this" : capability)
                + " on bucket " + config.bucket() + ", or use another one";
    }

    /** What a call takes, by https://www.backblaze.com/docs/cloud-storage-application-key-capabilities */
    private static String capability(String operation) {
        return switch (operation) {
            case "b2_list_buckets" -> "listBuckets";
            case "b2_create_bucket", "b2_update_bucket" -> "writeBuckets";
            case "b2_delete_bucket" -> "deleteBuckets";
            case "b2_list_file_names", "b2_list_file_versions", "b2_list_unfinished_large_files" -> "listFiles";
            case "b2_download_file_by_id", "b2_download_file_by_name", "b2_get_file_info" -> "readFiles";
            case "b2_delete_file_version" -> "deleteFiles";
            case "b2_get_download_authorization" -> "shareFiles";
            case "b2_copy_file", "b2_copy_part" -> "readFiles and writeFiles";
            case "b2_get_upload_url",
                    "b2_get_upload_part_url",
                    "b2_upload_file",
                    "b2_upload_part",
                    "b2_hide_file",
                    "b2_start_large_file",
                    "b2_finish_large_file",
                    "b2_cancel_large_file",
                    "b2_list_parts" -> "writeFiles";
            default -> "";
        };
    }

    // ---- the way to the service

    /** A failure of the way to the service, or of what came back. */
    StorageException of(IOException e, B2Request request) {
        if (e instanceof HttpException http) {
            return of(http, request);
        }
        if (e instanceof StorageIOException ours) {
            return ours.storageException();
        }
        // A success that can't be read is none.
        return StorageException.builder(Kind.PROTOCOL)
                .message(config.where() + " did not answer as B2 does: " + e.getMessage())
                .fix("check " + B2Settings.API_URL.howToSet())
                .retryable(true)
                .mayHaveHappened(!request.changesNothing())
                .cause(e)
                .build();
    }

    private StorageException of(HttpException e, B2Request request) {
        StorageException ofSource = ofSource(e);
        if (ofSource != null) {
            return ofSource;
        }
        String api = B2Settings.API_URL.howToSet();
        StorageException.Builder builder =
                switch (e.kind()) {
                    case NAME -> failed(Kind.UNAVAILABLE, e).fix("check this machine's network" + orApi());
                    case CONNECT, CONNECT_TIMEOUT ->
                        failed(e.kind() == HttpException.Kind.CONNECT ? Kind.UNAVAILABLE : Kind.TIMEOUT, e)
                                .fix("check that the service runs, and this machine's network" + orApi());
                    case PROXY -> failed(Kind.UNAVAILABLE, e).fix("check STORAGE_PROXY or HTTPS_PROXY");
                    case PROXY_AUTHENTICATION ->
                        failed(Kind.UNAUTHENTICATED, e)
                                .retryable(false)
                                .fix("put user and password into STORAGE_PROXY as http://user:password@host:port");
                    case TLS_SETTINGS -> failed(Kind.CONFIGURATION, e).fix("check STORAGE_CA_BUNDLE");
                    case TLS_UNTRUSTED ->
                        failed(Kind.PROTOCOL, e)
                                .retryable(false)
                                .fix("name the authority that signed it in STORAGE_CA_BUNDLE, a PEM file");
                    case TLS_HOST_NAME ->
                        failed(Kind.PROTOCOL, e)
                                .retryable(false)
                                .fix("use the name that the certificate has in " + api);
                    case TLS_HANDSHAKE ->
                        failed(Kind.PROTOCOL, e).retryable(false).fix("check that " + api + " speaks TLS");
                    case TLS_TIMEOUT -> failed(Kind.TIMEOUT, e).fix("check that " + api + " speaks TLS");
                    case PROTOCOL -> failed(Kind.PROTOCOL, e).fix("check that " + api + " leads to B2");
                    case SEND, NO_ANSWER, TRUNCATED -> failed(Kind.UNAVAILABLE, e);
                    case ANSWER_TIMEOUT, STALL, DEADLINE -> failed(Kind.TIMEOUT, e);
                    case CANCELLED, INTERRUPTED -> failed(Kind.CANCELLED, e);
                    case CLOSED -> failed(Kind.CLOSED, e);
                    case SOURCE -> failed(Kind.SOURCE_FAILED, e);
                };
        return builder.mayHaveHappened(e.requestMayHaveBeenProcessed() && !request.changesNothing())
                .build();
    }

    private String orApi() {
        return config.apiIsSet() ? ", or correct " + B2Settings.API_URL.howToSet() : "";
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
