package dev.anystore.cli;

import dev.anystore.StorageRegistry;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an argument names: {@code provider:key}, {@code provider://bucket/key}, {@code :key} of the default provider,
 * {@code -} for a standard stream, anything else a path of this machine. Behind the provider everything is the key, byte for
 * byte.
 */
sealed interface Address {
    /** A word and a colon. A path that looks like it is written with a slash before, such as {@code ./a:b}. */
    Pattern WORD = Pattern.compile("([A-Za-z0-9][A-Za-z0-9_.-]*):(.*)", Pattern.DOTALL);

    /** How it is written, for messages and for other commands. */
    String text();

    /** A file or a folder. */
    record Local(Path path, String text) implements Address {}

    /** Standard input or output. */
    record Standard() implements Address {
        @Override
        public String text() {
            return "-";
        }
    }

    /**
     * An object, or a prefix of many.
     *
     * @param provider id or alias; null is the default one
     * @param bucket null is the one that the settings name
     * @param key may be empty
     */
    record Remote(@Nullable String provider, @Nullable String bucket, String key) implements Address {
        @Override
        public String text() {
            return (provider == null ? "" : provider) + ":" + (bucket == null ? "" : "//" + bucket + "/") + key;
        }

        Remote withKey(String other) {
            return new Remote(provider, bucket, other);
        }

        /** The key as the name of a folder: empty, or with a slash at its end. */
        String folder() {
            return key.isEmpty() || key.endsWith("/") ? key : key + "/";
        }
    }

    /** Reads an argument; a word before a colon that is no provider is refused, not taken for a file. */
    static Address parse(String text, StorageRegistry registry) {
        if (text.equals("-")) {
            return new Standard();
        }
        if (text.startsWith(":")) {
            return new Remote(null, null, text.substring(1));
        }
        Matcher matcher = WORD.matcher(text);
        // One letter and a colon is a drive of Windows.
        if (matcher.matches() && matcher.group(1).length() > 1) {
            String word = matcher.group(1);
            if (!registry.knows(word)) {
                throw unknown(text, word, registry);
            }
            return remote(word, matcher.group(2), text);
        }
        return local(text);
    }

    private static Address remote(String provider, String rest, String text) {
        if (!rest.startsWith("//")) {
            return new Remote(provider, null, rest);
        }
        int slash = rest.indexOf('/', 2);
        String bucket = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
        if (bucket.isEmpty()) {
            throw CommandFailure.usage(
                    Printable.of(text) + " names no bucket between its slashes",
                    "write %s://bucket/key, or %s:key for the bucket of the settings".formatted(provider, provider));
        }
        return new Remote(provider, bucket, slash < 0 ? "" : rest.substring(slash + 1));
    }

    private static Address local(String text) {
        if (text.isEmpty()) {
            throw CommandFailure.usage(
                    "an address is empty", "name a file, provider:key, or : for everything in the default provider");
        }
        try {
            return new Local(Path.of(text), text);
        } catch (InvalidPathException e) {
            throw CommandFailure.usage(Printable.of(text) + " is no path of this machine: " + e.getReason(), null);
        }
    }

    private static CommandFailure unknown(String text, String word, StorageRegistry registry) {
        String guess = registry.nearestName(word)
                .map(name -> "; did you mean " + name + ":?")
                .orElse("; `anystore providers` lists those that there are");
        return CommandFailure.usage(
                "there is no provider \"" + Printable.of(word) + "\"" + guess,
                "for a file of this name write ./" + Printable.of(text));
    }

    /** The object or the prefix that it names. */
    default Remote remote(String verb) {
        if (this instanceof Remote remote) {
            return remote;
        }
        throw CommandFailure.usage(
                "%s takes provider:key, and %s is %s"
                        .formatted(
                                verb,
                                Printable.of(text()),
                                this instanceof Standard ? "a standard stream" : "a path of this machine"),
                this instanceof Local ? "for an object of the default provider write :" + Printable.of(text()) : null);
    }

    /** The object that it names, which must have a key. */
    default Remote object(String verb) {
        Remote remote = remote(verb);
        if (remote.key().isEmpty()) {
            throw CommandFailure.usage(remote.text() + " has no key", "name the object behind it");
        }
        return remote;
    }
}
