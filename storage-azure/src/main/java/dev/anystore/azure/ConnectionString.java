package dev.anystore.azure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection string, taken apart. Its names are read in any case, as Azure's own tools do.
 *
 * @param endpoint of the blob service, or null if the account's name leads there
 * @param account null where a SAS comes with an endpoint
 * @param key null where a SAS is there
 * @param sas null where a key is there
 * @see <a href="https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string">connection strings</a>
 */
record ConnectionString(
        @Nullable String endpoint,
        @Nullable String account,
        @Nullable String key,
        @Nullable String sas) {
    /** Account and key of every emulator, as its manual prints them: no secret. */
    static final ConnectionString EMULATOR = new ConnectionString(
            "http://127.0.0.1:10000/devstoreaccount1",
            "devstoreaccount1",
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
            null);

    private static final String SHAPE =
            "DefaultEndpointsProtocol=https;AccountName=...;AccountKey=...;EndpointSuffix=core.windows.net";

    /** Hides what may be secret. */
    @Override
    public String toString() {
        return "ConnectionString[endpoint=" + endpoint + ", account=" + account + "]";
    }

    /** Whether a text looks like one. */
    static boolean isMeant(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.contains("accountkey=")
                || lower.contains("blobendpoint=")
                || lower.contains("sharedaccesssignature=")
                || lower.contains("usedevelopmentstorage=");
    }

    /**
     * Takes one apart.
     *
     * @param problems collects second halves of sentences
     */
    static @Nullable ConnectionString parse(String text, List<String> problems) {
        Map<String, String> fields = new LinkedHashMap<>();
        List<String> broken = new ArrayList<>();
        for (String pair : text.split(";", -1)) {
            int equals = pair.indexOf('=');
            if (!pair.isBlank() && equals < 1) {
                broken.add("has a piece that is not of the form name=value");
            } else if (!pair.isBlank()) {
                String name = pair.substring(0, equals).trim().toLowerCase(Locale.ROOT);
                if (fields.put(name, pair.substring(equals + 1).trim()) != null) {
                    broken.add("has " + AzureText.shown(name, 40) + " twice");
                }
            }
        }
        if (!broken.isEmpty()) {
            problems.addAll(broken.stream()
                    .distinct()
                    .map(each -> each + "; it looks like " + SHAPE)
                    .toList());
            return null;
        }
        if ("true".equalsIgnoreCase(fields.get("usedevelopmentstorage"))) {
            return emulator(fields.get("developmentstorageproxyuri"));
        }
        return parse(fields, problems);
    }

    private static @Nullable ConnectionString parse(Map<String, String> fields, List<String> problems) {
        String account = present(fields.get("accountname"));
        String key = present(fields.get("accountkey"));
        String sas = present(fields.get("sharedaccesssignature"));
        String endpoint = present(fields.get("blobendpoint"));
        if (key != null && sas != null) {
            problems.add("has both AccountKey and SharedAccessSignature; leave one out");
            return null;
        }
        if (key == null && sas == null) {
            problems.add("has neither AccountKey nor SharedAccessSignature; it looks like " + SHAPE);
        }
        if (account == null && (key != null || endpoint == null)) {
            problems.add("has no AccountName; it looks like " + SHAPE);
        }
        if (endpoint == null && account != null) {
            String protocol = fields.getOrDefault("defaultendpointsprotocol", "https");
            String suffix = fields.getOrDefault("endpointsuffix", "core.windows.net");
            if (!protocol.equalsIgnoreCase("https") && !protocol.equalsIgnoreCase("http")) {
                problems.add("has a DefaultEndpointsProtocol that is neither https nor http");
                return null;
            }
            endpoint = protocol.toLowerCase(Locale.ROOT) + "://" + account + ".blob." + suffix;
        }
        boolean whole = (key != null || sas != null) && endpoint != null && (account != null || key == null);
        return whole ? new ConnectionString(endpoint, account, key, sas) : null;
    }

    /** The emulator on this machine, or the one on another that the connection string names. */
    private static ConnectionString emulator(@Nullable String proxy) {
        if (proxy == null || proxy.isBlank()) {
            return EMULATOR;
        }
        String base = proxy.endsWith("/") ? proxy.substring(0, proxy.length() - 1) : proxy;
        return new ConnectionString(base + ":10000/" + EMULATOR.account, EMULATOR.account, EMULATOR.key, null);
    }

    private static @Nullable String present(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
