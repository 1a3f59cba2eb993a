package dev.anystore.s3;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The two files in which AWS's tools keep profiles, read as their SDKs read them: tests hold this against AWS's own reader. What
 * the credentials file says of a profile goes before what the configuration file says.
 *
 * @param profiles the properties of each, by name
 * @param sessions the properties of each {@code sso-session}, by name
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html">the format</a>
 */
record AwsProfiles(Map<String, Map<String, String>> profiles, Map<String, Map<String, String>> sessions) {
    private static final long MAX_BYTES = 1 << 20;

    /** Property names alone would be enough of a secret's neighbourhood: nothing of the files is shown. */
    @Override
    public String toString() {
        return "AwsProfiles[" + profiles.size() + " profiles]";
    }

    /**
     * Reads both files; one that is not there has no profiles.
     *
     * @throws StorageException of kind {@code CONFIGURATION} if one is there and can't be read
     */
    static AwsProfiles read(Path configuration, Path credentials) {
        AwsProfiles all = new AwsProfiles(new HashMap<>(), new HashMap<>());
        new Lines(all, true).read(lines(configuration));
        AwsProfiles secret = new AwsProfiles(new HashMap<>(), new HashMap<>());
        new Lines(secret, false).read(lines(credentials));
        secret.profiles.forEach((name, properties) ->
                all.profiles.computeIfAbsent(name, key -> new HashMap<>()).putAll(properties));
        return all;
    }

    private static List<String> lines(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                return List.of();
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException("it is over " + MAX_BYTES + " bytes");
            }
            // Not as strictly as UTF-8 is read elsewhere: a comment in another encoding must not hide a profile.
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw StorageException.builder(Kind.CONFIGURATION)
                    .message("the file of profiles " + file + " can't be read: " + e.getMessage())
                    .fix("make it readable, or name another in AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE")
                    .cause(e)
                    .build();
        }
    }

    /** Goes through the lines of one file. */
    private static final class Lines {
        private final AwsProfiles into;
        private final boolean isConfiguration;
        private boolean defaultIsPrefixed;
        /** Where properties go now; null below a heading that means nothing here. */
        private @Nullable Map<String, String> section;

        Lines(AwsProfiles into, boolean isConfiguration) {
            this.into = into;
            this.isConfiguration = isConfiguration;
        }

        void read(List<String> lines) {
            for (String line : lines) {
                boolean continues = !line.isEmpty() && Character.isWhitespace(line.charAt(0));
                boolean comment = line.startsWith("#") || line.startsWith(";");
                if (line.isBlank() || comment || continues) {
                    continue; // nothing that names credentials is spread over lines
                }
                if (line.startsWith("[")) {
                    int end = line.indexOf(']');
                    section = end < 0 ? null : section(line.substring(1, end).trim());
                } else if (section != null) {
                    property(section, line);
                }
            }
        }

        private static void property(Map<String, String> section, String line) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                section.put(
                        line.substring(0, equals).trim(),
                        withoutComment(line.substring(equals + 1)).trim());
            }
        }

        private static String withoutComment(String value) {
            for (int i = 1; i < value.length(); i++) {
                char c = value.charAt(i);
                if ((c == '#' || c == ';') && Character.isWhitespace(value.charAt(i - 1))) {
                    return value.substring(0, i);
                }
            }
            return value;
        }

        private @Nullable Map<String, String> section(String heading) {
            String[] words = heading.split("\\s+", 2);
            if (!isConfiguration) {
                return words.length == 1 ? named(into.profiles, heading) : null;
            }
            if (heading.equals("default")) {
                // [profile default] goes before it, wherever the two stand.
                return defaultIsPrefixed ? null : named(into.profiles, heading);
            }
            if (words.length < 2) {
                return null;
            }
            String name = words[1].trim();
            if (words[0].equals("profile")) {
                if (name.equals("default") && !defaultIsPrefixed) {
                    defaultIsPrefixed = true;
                    into.profiles.remove(name);
                }
                return named(into.profiles, name);
            }
            return words[0].equals("sso-session") ? named(into.sessions, name) : null;
        }

        private static @Nullable Map<String, String> named(Map<String, Map<String, String>> all, String name) {
            boolean valid = name.matches("[A-Za-z0-9_\\-/.%@:+]+");
            return valid ? all.computeIfAbsent(name, key -> new HashMap<>()) : null;
        }
    }
}
