package dev.anystore.s3;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.Cancellation;
import dev.anystore.http.HttpBody;
import dev.anystore.http.HttpException;
import dev.anystore.http.HttpRequest;
import dev.anystore.http.HttpResponse;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.Origin;
import dev.anystore.http.TransportOptions;
import dev.anystore.spi.Call;
import dev.anystore.spi.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes roles at Amazon's security token service. One request each, made and signed here: the SDK's client writes session tokens
 * and the tokens of web identities into its log.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html">its interface</a>
 */
final class SecurityTokens {
    private static final int MAX_ANSWER = 256 << 10;

    private final TransportOptions options;
    private final String region;
    private final URI endpoint;
    private final Clock clock;
    private final SigV4 signer = new SigV4("sts");

    /**
     * In a region.
     *
     * @param options of the connection
     * @param endpoint instead of the region's own, or null
     */
    SecurityTokens(TransportOptions options, String region, @Nullable URI endpoint, Clock clock) {
        this.options = options;
        this.region = region;
        // https://docs.aws.amazon.com/general/latest/gr/sts.html
        this.endpoint = endpoint != null
                ? endpoint
                : URI.create("https://sts." + region + ".amazonaws.com" + (region.startsWith("cn-") ? ".cn" : ""));
        this.clock = clock;
    }

    /**
     * A role that is taken.
     *
     * @param arn of the role
     * @param sessionName that the account's log shows
     * @param externalId that the role may want, or null
     * @param seconds that the credentials last, or null for the role's own time
     */
    record Role(
            String arn,
            String sessionName,
            @Nullable String externalId,
            @Nullable String seconds) {}

    /** Takes a role with other credentials. */
    Credentials assume(Role role, Credentials base, Call call) {
        Fields form = form("AssumeRole", role).setIfPresent("ExternalId", role.externalId());
        return asked(role, form, base, call);
    }

    /** Takes a role with the token of an identity provider; nothing else signs the request. */
    Credentials assume(Role role, Secret token, Call call) {
        Fields form = form("AssumeRoleWithWebIdentity", role).set("WebIdentityToken", token.reveal());
        return asked(role, form, null, call);
    }

    private static Fields form(String action, Role role) {
        return new Fields()
                .set("Action", action)
                .set("Version", "2011-06-15")
                .set("RoleArn", role.arn())
                .set("RoleSessionName", role.sessionName())
                .setIfPresent("DurationSeconds", role.seconds());
    }

    private Credentials asked(Role role, Fields form, @Nullable Credentials signing, Call call) {
        call.check();
        byte[] body = SigV4.canonicalQuery(form).getBytes(StandardCharsets.US_ASCII);
        Origin origin = Origin.of(endpoint);
        Fields headers = new Fields()
                .set("content-type", "application/x-www-form-urlencoded; charset=utf-8")
                .set("host", origin.hostHeader());
        if (signing != null) {
            signer.sign("POST", "/", "", headers, SigV4.sha256(body), signing, region, clock.instant());
        }
        Cancellation cancellation = new Cancellation();
        HttpRequest.Builder request = HttpRequest.builder("POST", origin, "/", null)
                .body(HttpBody.of(body))
                .cancellation(cancellation)
                .timeout(Duration.ofMillis(Math.max(1, call.remainingMillis(60_000))));
        for (int i = 0; i < headers.size(); i++) {
            request.header(headers.name(i), headers.value(i));
        }
        Call.Registration registration = call.onCancel(cancellation::cancel);
        try (HttpTransport transport = new HttpTransport(options.withMaxConnections(1));
                HttpResponse response = transport.send(request.build())) {
            return read(response, role, signing);
        } catch (HttpException e) {
            call.check();
            throw StorageException.builder(Kind.UNAVAILABLE)
                    .message("the role " + shown(role) + " could not be taken: " + e.getMessage())
                    .fix("check the region, and that this machine reaches " + endpoint.getHost())
                    .cause(e)
                    .build();
        } catch (IOException e) {
            throw StorageException.builder(Kind.PROTOCOL)
                    .message(endpoint.getHost() + " did not answer as STS does: " + e.getMessage())
                    .cause(e)
                    .build();
        } finally {
            registration.close();
        }
    }

    private static String shown(Role role) {
        return S3Text.shown(role.arn(), 200);
    }

    private Credentials read(HttpResponse response, Role role, @Nullable Credentials signing) throws IOException {
        XmlReader xml = XmlReader.of(new ByteArrayInputStream(response.readAll(MAX_ANSWER)));
        if (response.status() != 200) {
            xml.root();
            Refusal refusal = new Refusal();
            refusal.read(xml);
            throw refused(response.status(), refusal, role, signing);
        }
        xml.root();
        Given given = new Given();
        given.read(xml);
        xml.end();
        return given.credentials();
    }

    private static StorageException refused(int status, Refusal refusal, Role role, @Nullable Credentials signing) {
        Kind kind = status >= 500
                ? Kind.UNAVAILABLE
                : status == 429 || refusal.code.startsWith("Throttl") ? Kind.THROTTLED : Kind.UNAUTHENTICATED;
        Quotations quotations = new Quotations(signing, List.of());
        return StorageException.builder(kind)
                .message("the role " + shown(role) + " could not be taken: " + quotations.shown(refusal.code, 80) + ", "
                        + quotations.shown(refusal.message, 300))
                .status(status)
                .fix(
                        refusal.code.startsWith("ExpiredToken")
                                ? "renew the token that takes it"
                                : refusal.code.equals("AccessDenied")
                                        ? "let the role's trust policy name this identity"
                                        : null)
                .build();
    }

    /** What a refusal says, wherever it stands in the document. */
    private static final class Refusal {
        private String code = "";
        private String message = "";

        void read(XmlReader xml) throws IOException {
            while (xml.nextChild()) {
                switch (xml.name()) {
                    case "Error" -> read(xml);
                    case "Code" -> code = xml.text().trim();
                    case "Message" -> message = xml.text().trim();
                    default -> xml.skip();
                }
            }
        }
    }

    /** What a role gives. */
    private static final class Given {
        private String id = "";
        private String secret = "";
        private String token = "";
        private @Nullable Instant end;

        void read(XmlReader xml) throws IOException {
            while (xml.nextChild()) {
                switch (xml.name()) {
                    case "AssumeRoleResult", "AssumeRoleWithWebIdentityResult", "Credentials" -> read(xml);
                    case "AccessKeyId" -> id = xml.text().trim();
                    case "SecretAccessKey" -> secret = xml.text().trim();
                    case "SessionToken" -> token = xml.text().trim();
                    case "Expiration" -> end = xml.time();
                    default -> xml.skip();
                }
            }
        }

        Credentials credentials() throws IOException {
            if (id.isEmpty() || secret.isEmpty() || token.isEmpty() || end == null) {
                throw new IOException("the answer has no credentials with an end");
            }
            return new Credentials(id, Secret.of(secret), Secret.of(token), end);
        }
    }
}
