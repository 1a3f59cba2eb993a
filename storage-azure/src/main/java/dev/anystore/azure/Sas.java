package dev.anystore.azure;

import dev.anystore.spi.Secret;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A shared access signature that somebody else made: what it says of itself, and its text for requests.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/storageservices/create-service-sas">service SAS</a>
 */
final class Sas {
    private static final Pattern SHAPE = Pattern.compile("[!-~]+");

    private final Secret query;
    private final Map<String, String> fields;

    private Sas(String query, Map<String, String> fields) {
        this.query = Secret.of(query);
        this.fields = fields;
    }

    /** Whether a text looks like one. */
    static boolean isMeant(String text) {
        return text.startsWith("?") || text.startsWith("sig=") || text.contains("&sig=");
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with the second half of a sentence
     */
    static Sas parse(String text) {
        String query = text.startsWith("?") ? text.substring(1) : text;
        if (!SHAPE.matcher(query).matches() || query.contains("#")) {
            throw new IllegalArgumentException("is no SAS: it has blanks or other characters that no URL has");
        }
        Map<String, String> fields = new TreeMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("is no SAS of the form sv=...&sig=...");
            }
            try {
                fields.put(pair.substring(0, equals), PercentEncoding.decode(pair.substring(equals + 1)));
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException("is no SAS: its " + pair.substring(0, equals) + " is cut or broken");
            }
        }
        if (!fields.containsKey("sig")) {
            throw new IllegalArgumentException("is a SAS without its signature sig=; copy all of it");
        }
        if (!fields.containsKey("sp") && !fields.containsKey("si")) {
            throw new IllegalArgumentException("is a SAS without its rights sp=; copy all of it");
        }
        return new Sas(query, fields);
    }

    /** As it stands in a URL. */
    Secret query() {
        return query;
    }

    /** The rights, one letter each; null where a stored policy of the container has them. */
    @Nullable
    String rights() {
        return fields.get("sp");
    }

    /** The kinds of resources of an account's SAS: s, c, o; null of one for a container or a blob. */
    @Nullable
    String resourceTypes() {
        return fields.get("srt");
    }

    /** The resource of a service's SAS: c, b, d; null of one for the account. */
    @Nullable
    String resource() {
        return fields.get("sr");
    }

    /** When it begins, or null. */
    @Nullable
    Instant begins() {
        return time(fields.get("st"));
    }

    /** When it ends, or null where a stored policy says. */
    @Nullable
    Instant ends() {
        return time(fields.get("se"));
    }

    /** Dates, minutes, seconds and fractions of them are all allowed. */
    private static @Nullable Instant time(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                            .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Sas that && query.equals(that.query);
    }

    @Override
    public int hashCode() {
        return query.hashCode();
    }

    /** The rights alone. */
    @Override
    public String toString() {
        return "Sas[sp=" + rights() + ", se=" + ends() + "]";
    }
}
