package dev.anystore.s3;

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

    /** As they are, and as they stand in a URL; the longest first, in case one holds another. */
    private final List<String> hidden;

    Quotations(@Nullable Credentials credentials) {
        List<String> values = new ArrayList<>();
        if (credentials != null) {
            values.add(credentials.id());
            values.add(credentials.secret().reveal());
            if (credentials.token() != null) {
                values.add(credentials.token().reveal());
            }
            List.copyOf(values).forEach(value -> values.add(PercentEncoding.query(value)));
        }
        this.hidden = values.stream()
                .filter(value -> !value.isEmpty())
                .distinct()
                .sorted(Comparator.comparing(String::length).reversed())
                .toList();
    }

    /** At most this many characters, harmless to terminals and logs. */
    String shown(String text, int atMost) {
        String clean = text;
        for (String value : hidden) {
            clean = clean.replace(value, "***");
        }
        return S3Text.shown(SIGNED.matcher(clean).replaceAll("$1$2***"), atMost);
    }
}
