package dev.anystore.testkit.b2;

/** What may happen to a request instead of what was asked, or beside it. See {@link B2Server#next}. */
public enum B2Fault {
    /** Nothing: the request is served. */
    NONE(0, ""),
    /** 401, {@code expired_auth_token}. */
    EXPIRED_TOKEN(401, "expired_auth_token"),
    /** 401, {@code bad_auth_token}. */
    BAD_TOKEN(401, "bad_auth_token"),
    /** 408, {@code request_timeout}. */
    REQUEST_TIMEOUT(408, "request_timeout"),
    /** 429, {@code too_many_requests}, with {@code Retry-After: 1}. */
    TOO_MANY_REQUESTS(429, "too_many_requests"),
    /** 500, {@code internal_error}. */
    INTERNAL_ERROR(500, "internal_error"),
    /** 503, {@code service_unavailable}: of uploads it asks for another upload URL. */
    UNAVAILABLE(503, "service_unavailable"),
    /** 403, {@code storage_cap_exceeded}: the account's cap is reached. */
    CAP_EXCEEDED(403, "storage_cap_exceeded"),
    /** 400, as if the bytes had another SHA-1 than the request says. */
    WRONG_SHA1(400, "bad_request"),
    /** The connection ends before anything is done. */
    HANG_UP(0, ""),
    /** The server dies before anything is done, until {@link B2Server#restart}. */
    STOP(0, ""),
    /** All of it is done, and the connection ends without an answer. */
    LOSE_ANSWER(0, ""),
    /** The body of the answer ends after half of its bytes. */
    CUT_BODY(0, ""),
    /** One bit of the answer's body is another one. */
    FLIP_BIT(0, "");

    private final int status;
    private final String code;

    B2Fault(int status, String code) {
        this.status = status;
        this.code = code;
    }

    /** Whether it is an answer of its own. */
    boolean refuses() {
        return status > 0;
    }

    Refused refusal() {
        return new Refused(
                status,
                code,
                this == WRONG_SHA1 ? "Sha1 did not match data received" : "asked for by the test: " + name());
    }
}
