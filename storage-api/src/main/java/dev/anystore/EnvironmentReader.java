package dev.anystore;

import dev.anystore.spi.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks settings up in an environment: each variable, and for secrets the file that {@code <variable>_FILE} names. */
final class EnvironmentReader {
    /** A secret that is longer is the wrong file. The largest known, a service account's key, has 3 KiB. */
    private static final int MAX_FILE_BYTES = 64 << 10;

    private static final String FILE = "_FILE";

    private final Map<String, String> environment;

    EnvironmentReader(Map<String, String> environment) {
        this.environment = environment;
    }

    /** What the variables of a setting hold, in their order, right or wrong; not those that are empty. */
    List<Found> find(Setting setting) {
        List<Found> all = new ArrayList<>();
        for (Setting.Variable variable : setting.variables()) {
            if (variable.yieldsTo() != null && isSet(variable.yieldsTo())) {
                continue;
            }
            String value = environment.get(variable.name());
            if (value != null) {
                all.add(Found.of(setting, variable.name(), value, variable));
            }
            String file = setting.readsFiles() ? environment.get(variable.name() + FILE) : null;
            if (file != null && !file.isBlank()) {
                all.add(read(setting, variable, file.trim()));
            }
        }
        all.removeIf(Found::empty);
        return all;
    }

    /** The variables of a setting that are set, without a look at what they hold. */
    List<String> names(Setting setting) {
        List<String> names = new ArrayList<>();
        for (Setting.Variable variable : setting.variables()) {
            if (isSet(variable.name())) {
                names.add(variable.name());
            } else if (setting.readsFiles() && isSet(variable.name() + FILE)) {
                names.add(variable.name() + FILE);
            }
        }
        return names;
    }

    private boolean isSet(String name) {
        String value = environment.get(name);
        return value != null && !value.isBlank();
    }

    /** The name of the file is not repeated in a problem: who puts the secret itself there must not find it in a log. */
    private static Found read(Setting setting, Setting.Variable variable, String file) {
        String origin = variable.name() + FILE;
        byte[] content;
        try {
            Path path = Path.of(file);
            if (!Files.exists(path)) {
                return Found.wrong(setting, origin, variable, "names a file that does not exist");
            }
            if (!Files.isRegularFile(path)) {
                return Found.wrong(setting, origin, variable, "does not name a regular file");
            }
            try (InputStream in = Files.newInputStream(path)) {
                content = in.readNBytes(MAX_FILE_BYTES + 1);
            }
        } catch (IOException | InvalidPathException e) {
            return Found.wrong(
                    setting,
                    origin,
                    variable,
                    "names a file that can't be read (" + e.getClass().getSimpleName() + ")");
        }
        if (content.length > MAX_FILE_BYTES) {
            return Found.wrong(setting, origin, variable, "names a file of more than 64 KiB");
        }
        String text = utf8(content);
        if (text == null) {
            return Found.wrong(setting, origin, variable, "names a file that is not UTF-8 text");
        }
        Found found = Found.of(setting, origin, text, variable);
        return found.empty() ? Found.wrong(setting, origin, variable, "names an empty file") : found;
    }

    private static @Nullable String utf8(byte[] content) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
