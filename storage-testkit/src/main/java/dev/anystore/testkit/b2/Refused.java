package dev.anystore.testkit.b2;

/** What the server answers instead of doing what it was asked: status, code and sentence as the service has them. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String sentence;

    Refused(int status, String code, String sentence) {
        super(status + " " + code + ": " + sentence, null, false, false);
        this.status = status;
        this.code = code;
        this.sentence = sentence;
    }

    static Refused badRequest(String sentence) {
        return new Refused(400, "bad_request", sentence);
    }

    static Refused absent(String sentence) {
        return new Refused(404, "file_not_present", sentence);
    }

    static Refused unauthorized(String sentence) {
        return new Refused(401, "unauthorized", sentence);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String sentence() {
        return sentence;
    }
}
