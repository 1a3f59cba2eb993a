package dev.anystore.s3;

import dev.anystore.spi.Secret;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a service says, without what it quotes of our credentials: some services and gateways repeat the request in their
 * messages, headers and query included. The text is cleaned before it is cut; the beginning of a token that was cut would not
 * be recognised.
 */
final class Quotations {
    // "Signature=" in an Authorization header, "X-Amz-Signature=" in a signed URL, and their siblings.
    private static final Pattern SIGNED = Pattern.compile("(?i)(signature|credential|security-token)(=|%3D)[^&,;\\s]+");

    /** What is not shown, of these credentials and of those before them. */
    private record Hidden(Credentials of, List<String> values) {}

    private volatile @Nullable Hidden hidden;

    private final List<String> always;

    /**
     * Hides these.
     *
     * @param others secrets that are not credentials
     */
    Quotations(@Nullable Credentials credentials, List<Secret> others) {
        this.always = others.stream().map(Secret::reveal).toList();
        if (credentials != null) {
            hide(credentials);
        }
    }

    /** Hides these as well. An answer may still quote the last ones; what is older is worth nothing any more. */
    @SuppressWarnings("ReferenceEquality") // asked for every request: equal ones that are not the same only cost a list
    void hide(Credentials credentials) {
        Hidden before = hidden;
        if (before == null || before.of() != credentials) {
            List<String> values = values(credentials);
            if (before != null) {
                values.addAll(values(before.of()));
            }
            // The longest first, in case one holds another.
            List<String> sorted = values.stream()
                    .filter(value -> !value.isEmpty())
                    .distinct()
                    .sorted(Comparator.comparing(String::length).reversed())
                    .toList();
            hidden = new Hidden(credentials, sorted);
        }
    }

    /** As they are, and as they stand in a URL. */
    private static List<String> values(Credentials credentials) {
        List<String> values = new ArrayList<>();
        values.add(credentials.id());
        values.add(credentials.secret().reveal());
        if (credentials.token() != null) {
            values.add(credentials.token().reveal());
        }
        List.copyOf(values).forEach(value -> values.add(PercentEncoding.query(value)));
        return values;
    }

    /** At most this many characters, harmless to terminals and logs. */
    String shown(String text, int atMost) {
        String clean = text;
        for (String value : always) {
            clean = clean.replace(value, "***").replace(PercentEncoding.query(value), "***");
        }
        Hidden now = hidden;
        for (String value : now == null ? List.<String>of() : now.values()) {
            clean = clean.replace(value, "***");
        }
        return S3Text.shown(SIGNED.matcher(clean).replaceAll("$1$2***"), atMost);
    }
}
