package dev.anystore.azure;

import dev.anystore.spi.Secret;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the service says, without what it quotes of our credentials: some refusals repeat the request, and gateways repeat
 * all of it. The text is cleaned before it is cut.
 */
final class Quotations {
    private static final Pattern SIGNED = Pattern.compile(
            "(?i)(sig|signature|Bearer|SharedKey [a-z0-9]+|signature was|computed value)([=:]|%3D| )\\s*'?[A-Za-z0-9+/%._=-]{8,}");

    private final List<String> secrets;

    Quotations(Access access) {
        List<String> values = new ArrayList<>();
        if (access instanceof Access.SharedKey shared) {
            add(shared.key(), values);
        } else if (access instanceof Access.Signature signature) {
            add(signature.sas().query(), values);
        }
        this.secrets = values.stream()
                .distinct()
                .sorted(Comparator.comparing(String::length).reversed())
                .toList();
    }

    /** As it is, and as it stands in a URL. */
    private static void add(Secret secret, List<String> values) {
        values.add(secret.reveal());
        values.add(PercentEncoding.query(secret.reveal()));
    }

    /** At most this many characters, harmless to terminals and logs. */
    String shown(String text, int atMost) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, "***");
        }
        return AzureText.shown(SIGNED.matcher(clean).replaceAll("$1$2***"), atMost);
    }
}
