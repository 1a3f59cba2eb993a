package dev.anystore;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of one provider without I/O: whether it is there, and whether it could be opened. Immutable. */
public final class ProviderInfo {
    private final String id;
    private final String displayName;
    private final List<String> aliases;
    private final boolean installed;
    private final boolean configured;
    private final boolean recommended;
    private final List<String> missing;
    private final @Nullable Throwable broken;

    ProviderInfo(
            String id,
            String displayName,
            List<String> aliases,
            boolean installed,
            boolean configured,
            boolean recommended,
            List<String> missing,
            @Nullable Throwable broken) {
        this.id = Objects.requireNonNull(id);
        this.displayName = Objects.requireNonNull(displayName);
        this.aliases = List.copyOf(aliases);
        this.installed = installed;
        this.configured = configured;
        this.recommended = recommended;
        this.missing = List.copyOf(missing);
        this.broken = broken;
    }

    /** Its id, such as {@code r2}; for one that could not be loaded the name of its class, where that is known. */
    public String id() {
        return id;
    }

    /** Its name for people. */
    public String displayName() {
        return displayName;
    }

    /** Other names by which it is found. */
    public List<String> aliases() {
        return aliases;
    }

    /** Whether its module is on the class path and loads. */
    public boolean installed() {
        return installed;
    }

    /** Whether the environment has everything that it needs; says nothing about whether that is right. */
    public boolean configured() {
        return configured;
    }

    /** What is missing or wrong, each in one sentence with the fix; empty if it can be opened. */
    public List<String> missing() {
        return missing;
    }

    /** Whether it is the one that is recommended to who has no reason for another. */
    public boolean recommended() {
        return recommended;
    }

    /** Why it could not be loaded; empty if it could, or is not there. */
    public Optional<Throwable> broken() {
        return Optional.ofNullable(broken);
    }

    @Override
    public String toString() {
        return "ProviderInfo[%s, %s%s%s]"
                .formatted(
                        id,
                        broken != null ? "broken" : installed ? "installed" : "not installed",
                        configured ? ", configured" : "",
                        recommended ? ", recommended" : "");
    }
}
