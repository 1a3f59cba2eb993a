package dev.anystore;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * What a store can do, and within which limits. Immutable. Declared equals real: the contract of the testkit tries each
 * capability where it is declared, and its refusal where it is not.
 *
 * @see ObjectStore#capabilities()
 */
public final class Capabilities {
    private final Set<Capability> set;
    private final Limits limits;

    private Capabilities(Set<Capability> set, Limits limits) {
        this.set = set;
        this.limits = limits;
    }

    /** These capabilities within these limits. */
    public static Capabilities of(Set<Capability> capabilities, Limits limits) {
        EnumSet<Capability> copy = EnumSet.noneOf(Capability.class);
        copy.addAll(capabilities);
        return new Capabilities(Collections.unmodifiableSet(copy), Objects.requireNonNull(limits));
    }

    /** Whether the store has this capability. */
    public boolean has(Capability capability) {
        return set.contains(capability);
    }

    /** All capabilities, in the order of their declaration. */
    public Set<Capability> asSet() {
        return set;
    }

    /** The sizes and counts that the store accepts. */
    public Limits limits() {
        return limits;
    }

    /** These capabilities without some. */
    public Capabilities without(Capability... taken) {
        EnumSet<Capability> rest = EnumSet.noneOf(Capability.class);
        rest.addAll(set);
        for (Capability capability : taken) {
            rest.remove(capability);
        }
        return of(rest, limits);
    }

    @Override
    public String toString() {
        return set + " " + limits;
    }
}
