package dev.anystore.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where programs keep what they must remember between two runs, on each platform. */
final class StateFolder {
    private StateFolder() {}

    /** The folder of the journals of transfers; null where the environment has no home. */
    static @Nullable Path transfers(Map<String, String> environment, String osName) {
        String os = osName.toLowerCase(Locale.ROOT);
        if (os.startsWith("windows")) {
            return below(environment.get("LOCALAPPDATA"), "anystore", "transfers");
        }
        if (os.startsWith("mac")) {
            return below(environment.get("HOME"), "Library", "Application Support", "anystore", "transfers");
        }
        // A relative path is to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/
        Path state = below(environment.get("XDG_STATE_HOME"), "anystore", "transfers");
        return state != null ? state : below(environment.get("HOME"), ".local", "state", "anystore", "transfers");
    }

    private static @Nullable Path below(@Nullable String root, String... names) {
        if (root == null || root.isEmpty()) {
            return null;
        }
        Path path = Path.of(root);
        for (String name : names) {
            path = path.resolve(name);
        }
        return path.isAbsolute() ? path : null;
    }
}
