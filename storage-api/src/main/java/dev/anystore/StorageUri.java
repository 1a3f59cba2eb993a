package dev.anystore;

import dev.anystore.InstalledProviders.Installed;
import dev.anystore.Sources.Given;
import dev.anystore.spi.CommonSettings;
import dev.anystore.spi.Setting;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code <scheme>://bucket/prefix?setting=value}, or {@code <scheme>:///path} for a provider of folders. Secrets are
 * refused: URIs end up in logs, histories and process lists.
 *
 * @param given the settings
 * @param prefix empty, or ending in a slash
 * @param problems what is wrong, without any value
 */
record StorageUri(List<Given> given, String prefix, List<String> problems) {
    /** What the decoder makes of bytes that are not UTF-8. */
    private static final String REPLACEMENT = "\uFFFD";

    private static final String ORIGIN = "the URI";

    static StorageUri of(URI uri, Installed installed) {
        List<Given> given = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        String prefix = "";
        String authority = uri.getRawAuthority();
        String path = uri.isOpaque() ? "" : uri.getPath();
        Setting bucket = answering(installed, "bucket_name");
        Setting folder = answering(installed, "path");
        if (uri.isOpaque() || uri.getRawFragment() != null) {
            problems.add("the URI is not of the form %s://bucket/prefix?setting=value".formatted(uri.getScheme()));
        }
        if (authority != null && authority.indexOf('@') >= 0) {
            problems.add("the URI has a user or password before an @; credentials do not belong into URIs");
        } else if (bucket != null) {
            add(given, bucket, authority == null ? "" : decode(authority, problems));
            prefix = prefix(path, problems);
        } else if (authority != null) {
            problems.add("the URI names no host or bucket with %s: write %s:///path"
                    .formatted(installed.id(), uri.getScheme()));
        } else if (folder != null) {
            add(given, folder, path);
        }
        if (path.contains(REPLACEMENT)) {
            problems.add("the URI's path is not UTF-8");
        }
        query(uri.getRawQuery(), installed, given, problems);
        return new StorageUri(List.copyOf(given), prefix, List.copyOf(problems));
    }

    private static void add(List<Given> given, Setting setting, String value) {
        if (!value.isEmpty()) {
            given.add(new Given(setting.name(), value, ORIGIN));
        }
    }

    /** The setting with this name in maps, or null. */
    static @Nullable Setting answering(Installed installed, String mapName) {
        return installed.settings().stream()
                .filter(setting -> SettingsResolver.mapNames(setting).contains(mapName))
                .findFirst()
                .orElse(null);
    }

    /** A path names a folder: {@code r2://bucket/models} holds {@code models/a}, not {@code modelsa}. */
    private static String prefix(String path, List<String> problems) {
        String prefix = path.startsWith("/") ? path.substring(1) : path;
        prefix = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
        String problem = prefixProblem(prefix);
        if (problem != null) {
            problems.add("the URI's prefix " + problem);
        }
        return prefix;
    }

    /** Why this can't stand before a key, or null. */
    static @Nullable String prefixProblem(String prefix) {
        if (prefix.isEmpty()) {
            return null;
        }
        try {
            Keys.check(prefix);
            return null;
        } catch (StorageException e) {
            return "can't begin a key: " + e.reason();
        }
    }

    private static void query(@Nullable String query, Installed installed, List<Given> given, List<String> problems) {
        if (query == null || query.isEmpty()) {
            return;
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                problems.add("the URI has a parameter without a name or a value");
                continue;
            }
            String name = decode(pair.substring(0, equals), problems);
            Given one = new Given(name, decode(pair.substring(equals + 1), problems), "the URI's " + Text.name(name));
            if (SettingsResolver.PROVIDER_NAMES.contains(one.plainName()) || one.is(SettingsResolver.PREFIX)) {
                problems.add(one.origin() + " is said by its scheme and path already");
            } else if (secret(installed, one)) {
                problems.add(
                        one.origin() + " is a secret, and does not belong into URIs; keep it in the environment and"
                                + " use StorageConfig.builder(uri).environment(System.getenv())");
            } else {
                given.add(one);
            }
        }
    }

    private static boolean secret(Installed installed, Given given) {
        List<Setting> all = new ArrayList<>(installed.settings());
        all.addAll(CommonSettings.ALL);
        return all.stream()
                .anyMatch(setting ->
                        setting.secret() && SettingsResolver.mapNames(setting).contains(given.plainName()));
    }

    /** Percent-decoding as in paths: a plus is a plus. */
    private static String decode(String raw, List<String> problems) {
        try {
            String text = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
            if (text.contains(REPLACEMENT)) {
                problems.add("the URI has a name or a value that is not UTF-8");
            }
            return text;
        } catch (IllegalArgumentException e) {
            problems.add("the URI has a % that is not followed by two hexadecimal digits");
            return "";
        }
    }
}
