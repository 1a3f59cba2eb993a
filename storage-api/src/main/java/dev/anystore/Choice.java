package dev.anystore;

import java.util.ArrayList;
import java.util.List;

/**
 * A chosen configuration, and what is to be logged about the choice.
 *
 * @param resolution of the settings
 * @param infos lines of level INFO
 * @param warnings lines of level WARN
 */
record Choice(Resolution resolution, List<String> infos, List<String> warnings) {
    static Choice of(Resolution resolution) {
        return new Choice(resolution, List.of(), resolution.warnings());
    }

    Choice warning(String line) {
        List<String> more = new ArrayList<>(warnings);
        more.add(line);
        return new Choice(resolution, infos, more);
    }
}
