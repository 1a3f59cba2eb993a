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
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks the service of a container, or of an instance, for the credentials of its role. Both are plain HTTP on this machine or its
 * link, never by a proxy; nobody else is asked, whatever the environment says.
 *
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">containers</a>
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html">instances</a>
 */
final class MetadataService {
    private static final int MAX_ANSWER = FlatJson.MAX_CHARS;
    private static final URI CONTAINER = URI.create("http://169.254.170.2");
    /** Where containers and instances are served: ECS, EKS, EC2, each with its address of IPv6. */
    private static final List<String> HOSTS =
            List.of("169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "169.254.169.254", "[fd00:ec2::254]");

    // A service on the link answers in milliseconds or is not there: where it is not, everything waits for this.
    private static final TransportOptions OPTIONS = TransportOptions.DEFAULT
            .withMaxConnections(1)
            .withConnectTimeout(Duration.ofSeconds(1))
            .withAnswerTimeout(Duration.ofSeconds(5));

    private final Map<String, String> environment;

    MetadataService(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Whether this is a container whose role has credentials. */
    boolean isContainer() {
        return set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") != null
                || set("AWS_CONTAINER_CREDENTIALS_FULL_URI") != null;
    }

    /** Whether the instance may be asked. */
    boolean mayBeInstance() {
        return !"true".equalsIgnoreCase(set("AWS_EC2_METADATA_DISABLED"));
    }

    private @Nullable String set(String variable) {
        String value = environment.get(variable);
        return value == null || value.isBlank() ? null : value.trim();
    }

    /** The credentials of the container's role. */
    Credentials ofContainer(Call call) {
        String relative = set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
        String variable =
                relative != null ? "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" : "AWS_CONTAINER_CREDENTIALS_FULL_URI";
        String full = set("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        URI uri = relative != null ? uri(variable, CONTAINER + relative) : uri(variable, full == null ? "" : full);
        checkHost(uri, variable);
        String token = token();
        try (HttpTransport transport = new HttpTransport(OPTIONS)) {
            String answer = ask(transport, "GET", uri, token == null ? Map.of() : Map.of("authorization", token), call);
            return HandedOut.read(answer, "the container's credentials");
        } catch (IOException e) {
            throw failed("the container's credentials", e);
        }
    }

    private @Nullable String token() {
        String file = set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
        if (file == null) {
            return set("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        }
        try {
            // Anew each time: whoever runs the container renews it.
            return Files.readString(Path.of(file)).trim();
        } catch (IOException e) {
            throw StorageException.builder(Kind.CONFIGURATION)
                    .message("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE can't be read: "
                            + e.getClass().getSimpleName())
                    .cause(e)
                    .build();
        }
    }

    /** The credentials of the instance's role, by the second version of the protocol, which needs a session of its own. */
    Credentials ofInstance(Call call) {
        String set = set("AWS_EC2_METADATA_SERVICE_ENDPOINT");
        boolean six = "ipv6".equalsIgnoreCase(set("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"));
        String variable = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
        URI base = uri(variable, set != null ? set : six ? "http://[fd00:ec2::254]" : "http://169.254.169.254");
        checkHost(base, variable);
        try (HttpTransport transport = new HttpTransport(OPTIONS)) {
            String session = ask(
                    transport,
                    "PUT",
                    base.resolve("/latest/api/token"),
                    // Used at once, for two requests.
                    Map.of("x-aws-ec2-metadata-token-ttl-seconds", "60"),
                    call);
            Map<String, String> header = Map.of("x-aws-ec2-metadata-token", session.trim());
            URI roles = base.resolve("/latest/meta-data/iam/security-credentials/");
            String role = ask(transport, "GET", roles, header, call)
                    .lines()
                    .findFirst()
                    .orElse("")
                    .trim();
            if (role.isEmpty()) {
                throw new IOException("the instance has no role");
            }
            String answer = ask(transport, "GET", roles.resolve(PercentEncoding.query(role)), header, call);
            return HandedOut.read(answer, "the instance's credentials");
        } catch (IOException e) {
            throw failed("the instance's credentials", e);
        }
    }

    private static URI uri(String variable, String text) {
        try {
            URI uri = URI.create(text);
            if (uri.getHost() != null && uri.getScheme() != null && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below, without the text: a token may have been put there by mistake.
        }
        throw StorageException.builder(Kind.CONFIGURATION)
                .message(variable + " is no address of a service")
                .build();
    }

    private static void checkHost(URI uri, String variable) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        boolean secure = uri.getScheme().equalsIgnoreCase("https");
        boolean plain = uri.getScheme().equalsIgnoreCase("http");
        if (!secure && !(plain && (HOSTS.contains(host) || EndpointRules.isLoopback(host)))) {
            throw StorageException.builder(Kind.CONFIGURATION)
                    .message(variable + " leads by plain http to " + S3Text.shown(host, 60)
                            + ", which is neither this machine nor a metadata service")
                    .fix("use https, or the address that the platform has set")
                    .build();
        }
    }

    private static String ask(HttpTransport transport, String method, URI uri, Map<String, String> headers, Call call)
            throws IOException {
        call.check();
        Cancellation cancellation = new Cancellation();
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        HttpRequest.Builder request = HttpRequest.builder(method, Origin.of(uri), path, uri.getRawQuery())
                .timeout(Duration.ofMillis(Math.max(1, call.remainingMillis(10_000))))
                .cancellation(cancellation);
        if (method.equals("PUT")) {
            request.body(HttpBody.empty());
        }
        try {
            headers.forEach(request::header);
        } catch (IllegalArgumentException e) {
            throw new IOException("a token has characters that no header may have");
        }
        Call.Registration registration = call.onCancel(cancellation::cancel);
        try (HttpResponse response = transport.send(request.build())) {
            byte[] body = response.readAll(MAX_ANSWER);
            if (response.status() != 200) {
                throw new Refused(response.status(), uri);
            }
            return new String(body, StandardCharsets.UTF_8);
        } finally {
            registration.close();
        }
    }

    /** An answer that gives nothing. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        private final int status;

        Refused(int status, URI uri) {
            super(S3Text.shown(uri.getHost(), 60) + " answered " + status);
            this.status = status;
        }
    }

    private static StorageException failed(String what, IOException e) {
        boolean again = e instanceof Refused refused
                ? refused.status == 429 || refused.status >= 500
                : e instanceof HttpException http && !isNowhere(http.kind());
        boolean cancelled = e instanceof HttpException http
                && (http.kind() == HttpException.Kind.CANCELLED || http.kind() == HttpException.Kind.INTERRUPTED);
        return StorageException.builder(cancelled ? Kind.CANCELLED : again ? Kind.UNAVAILABLE : Kind.UNAUTHENTICATED)
                .message(what + " were not to be had: " + e.getMessage())
                .cause(e)
                .build();
    }

    /** There is no such service here, and there will not be one in a second. */
    private static boolean isNowhere(HttpException.Kind kind) {
        return kind == HttpException.Kind.CONNECT
                || kind == HttpException.Kind.CONNECT_TIMEOUT
                || kind == HttpException.Kind.NAME;
    }
}
