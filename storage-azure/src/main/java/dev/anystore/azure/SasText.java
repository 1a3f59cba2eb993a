package dev.anystore.azure;

import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A shared access signature that we make: what it says, what of that is signed, and how it stands in a URL.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/storageservices/create-service-sas">of an account's key</a>
 * @see <a href="https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas">of a lent key</a>
 */
final class SasText {
    /** What is signed depends on it, so that it is none of the user's to choose; since 2020-12-06 it is as written here. */
    static final String VERSION = "2022-11-02";

    private final AzureConfig config;
    private final String key;
    private final String resource;
    private final String versionOrSnapshot;
    private final String rights;
    private final Instant ends;
    private Map<String, String> overrides = Map.of();

    SasText(AzureConfig config, String key, @Nullable String version, String rights, Instant ends) {
        this.config = config;
        this.key = key;
        boolean snapshot = version != null && version.startsWith("snapshot:");
        this.resource = version == null ? "b" : snapshot ? "bs" : "bv";
        this.versionOrSnapshot = version == null ? "" : snapshot ? version.substring("snapshot:".length()) : version;
        this.rights = rights;
        this.ends = ends;
    }

    /** Adds what the answer shall say, by the names of the query. */
    void overriding(Map<String, String> values) {
        overrides = Map.copyOf(values);
    }

    /** Signed by the account's key. */
    String signed(SharedKeySigner signer) {
        String text = String.join(
                "\n",
                rights,
                "",
                ends.toString(),
                canonical(),
                "",
                "",
                protocols(),
                VERSION,
                resource,
                versionOrSnapshot,
                "",
                overrides());
        return query(Map.of(), signer.sign(text));
    }

    /** Signed by a key that the service lent. */
    String signed(DelegationKeys.Key lent) {
        String text = String.join(
                "\n",
                rights,
                "",
                ends.toString(),
                canonical(),
                lent.objectId(),
                lent.tenantId(),
                lent.started(),
                lent.expiry(),
                lent.service(),
                lent.version(),
                "",
                "",
                "",
                "",
                protocols(),
                VERSION,
                resource,
                versionOrSnapshot,
                "",
                overrides());
        SharedKeySigner signer = new SharedKeySigner(
                config.account(), Base64.getDecoder().decode(lent.value().reveal()));
        Map<String, String> more = Map.of(
                "skoid", lent.objectId(),
                "sktid", lent.tenantId(),
                "skt", lent.started(),
                "ske", lent.expiry(),
                "sks", lent.service(),
                "skv", lent.version());
        return query(more, signer.sign(text));
    }

    private String canonical() {
        return "/blob/" + config.account() + '/' + config.container() + '/' + key;
    }

    private String protocols() {
        return config.origin().tls() ? "https" : "https,http";
    }

    private String overrides() {
        return String.join(
                "\n",
                overrides.getOrDefault("rscc", ""),
                overrides.getOrDefault("rscd", ""),
                overrides.getOrDefault("rsce", ""),
                "",
                overrides.getOrDefault("rsct", ""));
    }

    private String query(Map<String, String> more, String signature) {
        Map<String, String> fields = new TreeMap<>(more);
        fields.putAll(overrides);
        fields.put("sp", rights);
        fields.put("se", ends.toString());
        fields.put("spr", protocols());
        fields.put("sv", VERSION);
        fields.put("sr", resource);
        fields.put("sig", signature);
        StringBuilder query = new StringBuilder();
        fields.forEach((name, value) -> {
            query.append(query.isEmpty() ? "" : "&").append(name).append('=');
            PercentEncoding.appendQuery(query, value);
        });
        return query.toString();
    }
}
