package dev.anystore.testkit.gcs;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Accounts, their tokens and their signatures: the token service, the one that acts for other accounts, the exchange of foreign
 * tokens, and the metadata service of a machine. Whoever uses it holds the server's lock.
 */
final class Accounts {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final DateTimeFormatter SIGNED_TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

    private final GcsSpace space;
    private final KeyPair keys;
    private final Map<String, Token> tokens = new HashMap<>();
    private boolean revoked;
    private long issued;

    /** A token. */
    private record Token(String account, Instant end) {}

    Accounts(GcsSpace space) {
        this.space = space;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            this.keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key in the form of a file of credentials. */
    String privateKeyPem() {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    void revoke() {
        revoked = true;
        tokens.clear();
    }

    void forgetTokens() {
        tokens.clear();
    }

    long issued() {
        return issued;
    }

    private String issue(String account) {
        String token = "token-" + ++issued + "-of-" + account;
        tokens.put(token, new Token(account, space.instant().plus(LIFE)));
        return token;
    }

    /** Whether the request carries a token that is good, or a signature that is. */
    boolean isAllowed(GcsRequest request) {
        if (request.query().containsKey("X-Goog-Signature")) {
            return isSigned(request);
        }
        String authorization = request.header("authorization");
        if (authorization == null || !authorization.startsWith("Bearer ")) {
            return false;
        }
        Token token = tokens.get(authorization.substring(7));
        return token != null && token.end().isAfter(space.instant());
    }

    /** Answers as the services around tokens do; null if the path is none of theirs. */
    @Nullable
    GcsAnswer answer(GcsRequest request) {
        String path = request.rawPath();
        if (path.equals("/token")) {
            return token(form(request));
        }
        if (path.equals("/v1/token")) {
            return exchange(form(request));
        }
        if (path.startsWith("/v1/projects/-/serviceAccounts/")) {
            return acting(request);
        }
        if (path.startsWith("/computeMetadata/")) {
            return machine(request);
        }
        return null;
    }

    private static Map<String, String> form(GcsRequest request) {
        Map<String, String> form = new HashMap<>();
        for (String pair : request.text().split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return form;
    }

    private static GcsAnswer refused(String code, String words) {
        return GcsAnswer.json(400, Map.of("error", code, "error_description", words));
    }

    private GcsAnswer granted(String account) {
        return GcsAnswer.json(new LinkedHashMap<>(Map.of(
                "access_token",
                issue(account),
                "expires_in",
                LIFE.toSeconds(),
                "token_type",
                "Bearer",
                "issued_token_type",
                "urn:ietf:params:oauth:token-type:access_token")));
    }

    private GcsAnswer token(Map<String, String> form) {
        if (revoked) {
            return refused("invalid_grant", "Token has been expired or revoked.");
        }
        String grant = form.getOrDefault("grant_type", "");
        if (grant.equals("refresh_token")) {
            return "testsecret12345".equals(form.get("refresh_token"))
                    ? granted("user@example.com")
                    : refused("invalid_grant", "Bad Request");
        }
        String[] assertion = form.getOrDefault("assertion", "").split("\\.", -1);
        if (!grant.endsWith(":jwt-bearer") || assertion.length != 3) {
            return refused("unsupported_grant_type", "Invalid grant_type");
        }
        Map<String, Object> claims =
                JsonText.read(new String(Base64.getUrlDecoder().decode(assertion[1]), StandardCharsets.UTF_8));
        byte[] signed = (assertion[0] + '.' + assertion[1]).getBytes(StandardCharsets.US_ASCII);
        if (!verifies(signed, Base64.getUrlDecoder().decode(assertion[2]))) {
            return refused("invalid_grant", "Invalid JWT Signature.");
        }
        long now = space.instant().getEpochSecond();
        long from = ((Number) claims.getOrDefault("iat", 0L)).longValue();
        long to = ((Number) claims.getOrDefault("exp", 0L)).longValue();
        if (Math.abs(now - from) > 600 || to < now || to - from > 3600) {
            return refused(
                    "invalid_grant",
                    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.");
        }
        return granted(String.valueOf(claims.get("iss")));
    }

    private GcsAnswer exchange(Map<String, String> form) {
        return "testsubject12345".equals(form.get("subject_token"))
                        && form.getOrDefault("grant_type", "").endsWith(":token-exchange")
                ? granted("federated")
                : refused("invalid_grant", "The subject token is none that is known.");
    }

    private GcsAnswer acting(GcsRequest request) {
        if (!isAllowed(request)) {
            return GcsAnswer.json(
                    403,
                    Map.of(
                            "error",
                            Map.of(
                                    "code",
                                    403L,
                                    "message",
                                    "Permission 'iam.serviceAccounts.getAccessToken' denied on resource",
                                    "status",
                                    "PERMISSION_DENIED")));
        }
        String path = request.rawPath();
        String account = GcsRequest.decodedPath(
                path.substring("/v1/projects/-/serviceAccounts/".length(), path.lastIndexOf(':')));
        if (path.endsWith(":signBlob")) {
            byte[] payload = Base64.getDecoder()
                    .decode(String.valueOf(JsonText.read(request.text()).get("payload")));
            return GcsAnswer.json(
                    Map.of("keyId", "1", "signedBlob", Base64.getEncoder().encodeToString(signature(payload))));
        }
        return GcsAnswer.json(Map.of(
                "accessToken",
                issue(account),
                "expireTime",
                space.instant().plus(LIFE).truncatedTo(ChronoUnit.SECONDS).toString()));
    }

    private GcsAnswer machine(GcsRequest request) {
        if (!"Google".equals(request.header("metadata-flavor"))) {
            return GcsAnswer.empty(403);
        }
        String path = request.rawPath();
        GcsAnswer answer;
        if (path.endsWith("/token")) {
            answer = granted("machine@example.iam.gserviceaccount.com");
        } else if (path.endsWith("/email")) {
            answer = text("machine@example.iam.gserviceaccount.com");
        } else if (path.endsWith("/universe/universe-domain") || path.endsWith("/universe-domain")) {
            answer = text("googleapis.com");
        } else if (path.endsWith("/service-accounts/") || path.endsWith("/service-accounts")) {
            answer = GcsAnswer.json(Map.of("default", Map.of("email", "machine@example.iam.gserviceaccount.com")));
        } else {
            answer = GcsAnswer.empty(404);
        }
        return answer.with("metadata-flavor", "Google");
    }

    private static GcsAnswer text(String text) {
        return new GcsAnswer(200, new LinkedHashMap<>(), text.getBytes(StandardCharsets.UTF_8))
                .with("content-type", "application/text");
    }

    private byte[] signature(byte[] bytes) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(bytes);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean verifies(byte[] bytes, byte[] signed) {
        try {
            PublicKey key = keys.getPublic();
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update(bytes);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Builds what should have been signed from the request as it came. */
    private boolean isSigned(GcsRequest request) {
        Map<String, String> query = request.query();
        Instant from;
        long seconds;
        byte[] signed;
        try {
            from = LocalDateTime.parse(query.getOrDefault("X-Goog-Date", ""), SIGNED_TIME)
                    .toInstant(ZoneOffset.UTC);
            seconds = Long.parseLong(query.getOrDefault("X-Goog-Expires", ""));
            signed = HexFormat.of().parseHex(query.getOrDefault("X-Goog-Signature", ""));
        } catch (RuntimeException e) {
            return false;
        }
        Instant now = space.instant();
        if (seconds < 1
                || seconds > Duration.ofDays(7).toSeconds()
                || now.isAfter(from.plusSeconds(seconds))
                || now.isBefore(from.minusSeconds(900))) {
            return false;
        }
        StringBuilder canonical = new StringBuilder(request.method())
                .append('\n')
                .append(request.rawPath())
                .append('\n');
        TreeMap<String, String> pairs = new TreeMap<>();
        for (String pair : request.rawQuery().split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!name.equals("X-Goog-Signature")) {
                pairs.put(name, equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        canonical.append(String.join(
                "&",
                pairs.entrySet().stream()
                        .map(pair -> pair.getKey() + '=' + pair.getValue())
                        .toList()));
        canonical.append('\n');
        List<String> names =
                List.of(query.getOrDefault("X-Goog-SignedHeaders", "").split(";", -1));
        if (!names.contains("host")) {
            return false;
        }
        for (String name : names) {
            String value = request.header(name);
            if (value == null) {
                return false;
            }
            canonical.append(name).append(':').append(value.trim()).append('\n');
        }
        // What changes the meaning of a request must be signed.
        for (String name : request.headers().keySet()) {
            if (name.startsWith("x-goog-") && !names.contains(name)) {
                return false;
            }
        }
        canonical.append('\n').append(String.join(";", names)).append("\nUNSIGNED-PAYLOAD");
        String scope = query.getOrDefault("X-Goog-Credential", "");
        String toSign = "GOOG4-RSA-SHA256\n" + query.get("X-Goog-Date") + '\n'
                + scope.substring(scope.indexOf('/') + 1) + '\n'
                + HexFormat.of()
                        .formatHex(
                                GcsObject.digest("SHA-256", canonical.toString().getBytes(StandardCharsets.UTF_8)));
        return verifies(toSign.getBytes(StandardCharsets.UTF_8), signed);
    }
}
