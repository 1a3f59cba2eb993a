package dev.anystore.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a provider, declared once: its name, its environment variables in the order in which they are looked
 * at, its type and default, and a sentence for the reference page. Immutable.
 */
public final class Setting {
    /** What a value must look like. */
    public enum Type {
        /** Any text. */
        TEXT,
        /** Text that must never be shown. */
        SECRET,
        /** An absolute URI; a host without a scheme means https. */
        URI,
        /** 1, true, yes, on or 0, false, no, off, in any case. */
        BOOLEAN,
        /** Decimal digits. */
        NUMBER,
        /** Digits, or digits with KiB, MiB, GiB or TiB. */
        BYTES,
        /** {@code PT20S} or {@code 20s}, {@code 500ms}, {@code 5m}, {@code 2h}, {@code 7d}. */
        DURATION,
        /** A path on this machine. */
        PATH
    }

    /**
     * An environment variable that gives the setting.
     *
     * @param name of the variable
     * @param family values of settings of one {@link #group()} are taken from one family only; null if that does not matter
     * @param negated whether the variable means the opposite of the setting (booleans)
     */
    public record Variable(String name, @Nullable String family, boolean negated) {}

    private final String name;
    private final Type type;
    private final List<Variable> variables;
    private final List<String> mapNames;
    private final @Nullable String group;
    private final @Nullable String defaultValue;
    private final boolean begins;
    private final String sentence;

    private Setting(
            String name,
            Type type,
            List<Variable> variables,
            List<String> mapNames,
            @Nullable String group,
            @Nullable String defaultValue,
            boolean begins,
            String sentence) {
        this.name = Objects.requireNonNull(name);
        this.type = Objects.requireNonNull(type);
        this.variables = List.copyOf(variables);
        this.mapNames = List.copyOf(mapNames);
        this.group = group;
        this.defaultValue = defaultValue;
        this.begins = begins;
        this.sentence = Objects.requireNonNull(sentence);
    }

    /**
     * A setting without variables yet.
     *
     * @param name lower case, words joined by {@code -}; the system property is {@code anystore.<provider>.<name>}
     * @param type of its values
     * @param sentence what it does, in one sentence
     */
    public static Setting of(String name, Type type, String sentence) {
        return new Setting(name, type, List.of(), List.of(), null, null, false, sentence);
    }

    /** The same with one more environment variable, looked at after those before it. */
    public Setting variable(String variable) {
        return with(new Variable(variable, null, false));
    }

    /** The same with one more environment variable of a family. */
    public Setting variable(String variable, String family) {
        return with(new Variable(variable, family, false));
    }

    /** The same with one more environment variable that means the opposite. */
    public Setting negatedVariable(String variable) {
        return with(new Variable(variable, null, true));
    }

    private Setting with(Variable variable) {
        List<Variable> more = new ArrayList<>(variables);
        more.add(variable);
        return new Setting(name, type, more, mapNames, group, defaultValue, begins, sentence);
    }

    /** The same with other names in maps, properties and URIs ({@code bucket_name}). */
    public Setting inMaps(String... names) {
        return new Setting(name, type, variables, List.of(names), group, defaultValue, begins, sentence);
    }

    /** The same as one of a group, whose values all come from one family of variables. */
    public Setting inGroup(String value) {
        return new Setting(name, type, variables, mapNames, value, defaultValue, begins, sentence);
    }

    /** The same with a default. */
    public Setting defaultsTo(String value) {
        return new Setting(name, type, variables, mapNames, group, value, begins, sentence);
    }

    /** The same as one whose presence in the environment lets the provider take part in the automatic choice. */
    public Setting beginning() {
        return new Setting(name, type, variables, mapNames, group, defaultValue, true, sentence);
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** What a value must look like. */
    public Type type() {
        return type;
    }

    /** Its environment variables, the canonical one first. */
    public List<Variable> variables() {
        return variables;
    }

    /** Its other names in maps, properties and URIs. */
    public List<String> mapNames() {
        return mapNames;
    }

    /** The group whose values come from one family, or null. */
    public @Nullable String group() {
        return group;
    }

    /** The value where none is set, or null. */
    public @Nullable String defaultValue() {
        return defaultValue;
    }

    /** Whether its presence lets the provider take part in the automatic choice. */
    public boolean begins() {
        return begins;
    }

    /** Whether its value must never be shown. */
    public boolean secret() {
        return type == Type.SECRET;
    }

    /** What it does. */
    public String sentence() {
        return sentence;
    }

    /** How a user is told to set it: its canonical variable, or its name. */
    public String howToSet() {
        return variables.isEmpty() ? name : variables.get(0).name();
    }

    @Override
    public String toString() {
        return name;
    }
}
