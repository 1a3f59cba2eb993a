package dev.anystore.http;

import static org.junit.jupiter.api.Assertions.fail;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;

/** Real servers that somebody started ({@code .ci/servers}), as environment variables name them. */
final class Servers {
    private Servers() {}

    /** What the variable says; without it the test is skipped, or fails where all must run. */
    static String named(String variable) {
        String value = System.getenv(variable);
        if (value == null || value.isEmpty()) {
            if ("true".equals(System.getenv("ANYSTORE_TEST_REQUIRE_SERVERS"))) {
                fail(variable + " is not set, and ANYSTORE_TEST_REQUIRE_SERVERS=true asks for every server");
            }
            System.out.println("skipped: " + variable + " is not set");
            Assumptions.abort(variable + " is not set");
        }
        return Objects.requireNonNull(value);
    }

    static Origin origin(String variable) {
        return Origin.of(URI.create(named(variable)));
    }

    /** What trusts the certificate of our nginx. */
    static TransportOptions trusting() {
        return TransportOptions.DEFAULT.withCaBundle(Path.of(named("ANYSTORE_TEST_NGINX_CA")));
    }
}
