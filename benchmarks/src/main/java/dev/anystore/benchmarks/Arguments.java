package dev.anystore.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code --name value} pairs of the command line. */
final class Arguments {
    private static final Set<String> FLAGS = Set.of("quick", "tls");

    private final Map<String, String> values;

    private Arguments(Map<String, String> values) {
        this.values = values;
    }

    /** Reads them; a folder is made known to all processes of the run. */
    static Arguments of(List<String> words) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("--")) {
                throw new IllegalArgumentException(word + " is no option");
            }
            String name = word.substring(2);
            boolean flag = FLAGS.contains(name);
            if (!flag && i + 1 == words.size()) {
                throw new IllegalArgumentException(word + " needs a value");
            }
            values.put(name, flag ? "true" : words.get(++i));
        }
        Arguments arguments = new Arguments(values);
        String folder = arguments.text("folder", null);
        if (folder != null) {
            if (!Files.isDirectory(Path.of(folder))) {
                throw new IllegalArgumentException("there is no folder " + folder);
            }
            System.setProperty(Folders.PROPERTY, folder);
        }
        return arguments;
    }

    /** Refuses what is none of these, so that a slip does not change what is measured in silence. */
    Arguments only(String... names) {
        for (String name : values.keySet()) {
            if (!name.equals("folder") && !List.of(names).contains(name)) {
                throw new IllegalArgumentException("there is no option --" + name + " here");
            }
        }
        return this;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    @Nullable
    String text(String name, @Nullable String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /** A whole number, at least {@code least}. */
    int number(String name, int least, int otherwise) {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "--" + name + " is " + text + ", and must be a number from " + least + " on");
    }
}
