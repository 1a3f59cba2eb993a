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
     * @param yieldsTo a variable of the same setting beside which this one is not looked at, however they differ; or null
     */
    public record Variable(
            String name,
            @Nullable String family,
            boolean negated,
            @Nullable String yieldsTo) {
        /** A variable that yields to none. */
        public Variable(String name, @Nullable String family, boolean negated) {
            this(name, family, negated, null);
        }
    }

    private final String name;
    private final Type type;
    private final String sentence;
    private final Rest rest;

    /** Filled before it is handed to the constructor, never changed after. */
    private static final class Rest {
        private List<Variable> variables = List.of();
        private List<String> mapNames = List.of();
        private List<String> choices = List.of();
        private @Nullable String group;
        private @Nullable String defaultValue;
        private boolean begins;
        private long minimum = Long.MIN_VALUE;
        private long maximum = Long.MAX_VALUE;

        private Rest copy() {
            Rest copy = new Rest();
            copy.variables = variables;
            copy.mapNames = mapNames;
            copy.choices = choices;
            copy.group = group;
            copy.defaultValue = defaultValue;
            copy.begins = begins;
            copy.minimum = minimum;
            copy.maximum = maximum;
            return copy;
        }
    }

    private Setting(String name, Type type, String sentence, Rest rest) {
        this.name = Objects.requireNonNull(name);
        this.type = Objects.requireNonNull(type);
        this.sentence = Objects.requireNonNull(sentence);
        this.rest = rest;
    }

    private Setting with(Rest more) {
        return new Setting(name, type, sentence, more);
    }

    /**
     * A setting without variables yet.
     *
     * @param name lower case, words joined by {@code -}; the system property is {@code anystore.<provider>.<name>}
     * @param type of its values
     * @param sentence what it does, in one sentence
     */
    public static Setting of(String name, Type type, String sentence) {
        return new Setting(name, type, sentence, new Rest());
    }

    /** The same with one more environment variable, looked at after those before it. */
    public Setting variable(String variable) {
        return with(new Variable(variable, null, false));
    }

    /** The same with one more environment variable of a family; see {@link #inGroup}. */
    public Setting variable(String variable, String family) {
        return with(new Variable(variable, family, false));
    }

    /** The same with one more environment variable that means the opposite. */
    public Setting negatedVariable(String variable) {
        return with(new Variable(variable, null, true));
    }

    /** The same with one more environment variable, which is not looked at beside the other: a precedence, no conflict. */
    public Setting yieldingVariable(String variable, String yieldsTo) {
        return with(new Variable(variable, null, false, Objects.requireNonNull(yieldsTo)));
    }

    private Setting with(Variable variable) {
        List<Variable> more = new ArrayList<>(rest.variables);
        more.add(variable);
        Rest copy = rest.copy();
        copy.variables = List.copyOf(more);
        return with(copy);
    }

    /**
     * The same with other names in maps, properties and URIs. The setting that answers to {@code bucket_name} is what
     * stands between {@code ://} and the next slash of a URI; in its absence the one that answers to {@code path} is all
     * of the URI's path.
     */
    public Setting inMaps(String... names) {
        Rest copy = rest.copy();
        copy.mapNames = List.of(names);
        return with(copy);
    }

    /**
     * The same as one of a group, such as an id and its secret, whose values all come from one place: one map, the system
     * properties, or one family of variables. Settings with a variable in every family of the group need each other: one
     * without the other is an error. Others (a session token) join when those are there.
     */
    public Setting inGroup(String value) {
        Rest copy = rest.copy();
        copy.group = Objects.requireNonNull(value);
        return with(copy);
    }

    /** The same with a default. */
    public Setting defaultsTo(String value) {
        Rest copy = rest.copy();
        copy.defaultValue = Objects.requireNonNull(value);
        return with(copy);
    }

    /** The same as one whose presence in the environment lets the provider take part in the automatic choice. */
    public Setting beginning() {
        Rest copy = rest.copy();
        copy.begins = true;
        return with(copy);
    }

    /** The same with values from {@code least} to {@code most} only, both included; for numbers and sizes. */
    public Setting between(long least, long most) {
        if (type != Type.NUMBER && type != Type.BYTES) {
            throw new IllegalArgumentException(name + " is neither a number nor a size");
        }
        Rest copy = rest.copy();
        copy.minimum = least;
        copy.maximum = most;
        return with(copy);
    }

    /** The same with these values only, in any case; the value is handed over as it is written here. For texts. */
    public Setting oneOf(String... values) {
        if (type != Type.TEXT) {
            throw new IllegalArgumentException(name + " is not a text");
        }
        Rest copy = rest.copy();
        copy.choices = List.of(values);
        return with(copy);
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
        return rest.variables;
    }

    /** Its other names in maps, properties and URIs. */
    public List<String> mapNames() {
        return rest.mapNames;
    }

    /** The group whose values come from one family, or null. */
    public @Nullable String group() {
        return rest.group;
    }

    /** The value where none is set, or null. */
    public @Nullable String defaultValue() {
        return rest.defaultValue;
    }

    /** Whether its presence lets the provider take part in the automatic choice. */
    public boolean begins() {
        return rest.begins;
    }

    /** The least value that is allowed; {@link Long#MIN_VALUE} if none is too small. */
    public long minimum() {
        return rest.minimum;
    }

    /** The greatest value that is allowed; {@link Long#MAX_VALUE} if none is too great. */
    public long maximum() {
        return rest.maximum;
    }

    /** The only values that are allowed; empty if any is. */
    public List<String> choices() {
        return rest.choices;
    }

    /**
     * Whether {@code <variable>_FILE} is looked at for each of its variables: for secrets, and for all that come with
     * one.
     */
    public boolean readsFiles() {
        return secret() || rest.group != null;
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
        return rest.variables.isEmpty() ? name : rest.variables.get(0).name();
    }

    @Override
    public String toString() {
        return name;
    }
}
