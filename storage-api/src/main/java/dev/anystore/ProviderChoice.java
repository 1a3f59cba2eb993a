package dev.anystore;

import dev.anystore.InstalledProviders.Installed;
import dev.anystore.spi.Setting;
import dev.anystore.spi.SettingValues;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the provider where the caller names none, and finds the one that he names. Never guesses: what is configured
 * but can't be used is an error, not a reason to take another.
 */
final class ProviderChoice {
    static final String PROPERTY = "anystore.provider";
    static final String VARIABLE = "STORAGE_PROVIDER";
    static final String USE_R2 = "USE_R2_STORAGE";
    static final String USE_S3 = "USE_S3_STORAGE";
    static final String LOCAL = "local";
    /** One that takes part: the choice if it can be opened, else why not. */
    private record Candidate(
            String id,
            String begunBy,
            boolean complete,
            @Nullable Choice choice,
            List<String> problems) {
        String named() {
            return id + " (" + begunBy + (choice == null && complete ? "; " + problems.get(0) : "") + ")";
        }
    }

    private final ProviderDirectory providers;
    private final Sources sources;
    private final @Nullable String preset;

    ProviderChoice(ProviderDirectory providers, Sources sources, @Nullable String preset) {
        this.providers = providers;
        this.sources = sources;
        this.preset = preset;
    }

    /** The default: named, or the one that the environment leads to. */
    Choice byDefault() {
        if (preset != null) {
            return providers.byName(preset, "the default provider");
        }
        String property = sources.properties().getOrDefault(PROPERTY, "");
        if (!property.isBlank()) {
            return providers.byName(property, PROPERTY);
        }
        String variable = sources.environment().getOrDefault(VARIABLE, "");
        if (!variable.isBlank()) {
            return providers.byName(variable, VARIABLE);
        }
        Boolean r2 = use(USE_R2);
        Boolean s3 = use(USE_S3);
        if (Boolean.TRUE.equals(r2) && Boolean.TRUE.equals(s3)) {
            throw Problems.of(
                    null, USE_R2 + " and " + USE_S3 + " are both true; set one of them to false, or set " + VARIABLE);
        }
        if (Boolean.TRUE.equals(r2)) {
            return providers.byName("r2", USE_R2);
        }
        if (Boolean.TRUE.equals(s3)) {
            return providers.byName("s3", USE_S3);
        }
        Set<String> barred = new LinkedHashSet<>();
        if (r2 != null) {
            barred.add("r2");
        }
        if (s3 != null) {
            barred.add("s3");
        }
        return among(candidates(barred));
    }

    private @Nullable Boolean use(String name) {
        String value = sources.environment().getOrDefault(name, "");
        if (value.isBlank()) {
            return null;
        }
        try {
            return SettingValues.flag(value);
        } catch (IllegalArgumentException e) {
            throw Problems.of(null, name + " (" + Text.value(value) + ") " + e.getMessage());
        }
    }

    private Choice among(List<Candidate> begun) {
        List<Candidate> complete = begun.stream().filter(Candidate::complete).toList();
        Candidate recommended = complete.stream()
                .filter(candidate -> candidate.id().equals(ProviderDirectory.RECOMMENDED))
                .findFirst()
                .orElse(null);
        if (recommended != null && recommended.choice() != null) {
            String others = complete.stream()
                    .filter(candidate -> !candidate.id().equals(ProviderDirectory.RECOMMENDED))
                    .map(Candidate::named)
                    .collect(Collectors.joining(", "));
            return others.isEmpty()
                    ? recommended.choice()
                    : recommended
                            .choice()
                            .warning("Several providers are configured: " + ProviderDirectory.RECOMMENDED
                                    + " is used as the recommended one, beside " + others + ". Set " + VARIABLE
                                    + " to say which one is meant.");
        }
        if (complete.size() > 1) {
            throw Problems.of(
                    null,
                    "several providers are configured: "
                            + complete.stream().map(Candidate::named).collect(Collectors.joining(", "))
                            + "; set " + VARIABLE + " to the one that is meant");
        }
        if (complete.size() == 1 && complete.get(0).choice() != null) {
            return complete.get(0).choice();
        }
        List<Candidate> unusable = complete.isEmpty() ? begun : complete;
        if (!unusable.isEmpty()) {
            List<String> problems = new ArrayList<>();
            for (Candidate candidate : unusable) {
                problems.add("%s is begun by %s, but not complete: %s"
                        .formatted(candidate.id(), candidate.begunBy(), String.join(", ", candidate.problems())));
            }
            throw Problems.of(null, problems);
        }
        return fallback();
    }

    /** Nothing is set at all: the folder, and never in silence. */
    private Choice fallback() {
        Installed local = providers.installed(LOCAL);
        if (local == null) {
            throw Problems.of(
                    null,
                    "no provider is configured, and "
                            + ProviderDirectory.known(LOCAL).coordinates() + " is not on the class path; set "
                            + VARIABLE + " to one of " + String.join(", ", providers.names()));
        }
        Choice choice = Choice.of(providers.resolve(local, LOCAL));
        Setting folder = StorageUri.answering(local, "path");
        boolean meant = folder != null && choice.resolution().settings().isSet(folder);
        if (meant || !choice.resolution().complete()) {
            return choice;
        }
        return choice.warning("No provider is configured: objects go to the folder "
                + choice.resolution().config("").place()
                + ". Set LOCAL_STORAGE_PATH for another folder, " + VARIABLE + " for a service.");
    }

    private List<Candidate> candidates(Set<String> barred) {
        Set<String> ids = new LinkedHashSet<>(providers.names());
        ids.removeAll(barred);
        ids.remove(LOCAL);
        ids.remove(ProviderDirectory.STAND_IN);
        List<Candidate> candidates = new ArrayList<>();
        for (String id : ids) {
            Candidate candidate = candidate(id);
            if (candidate != null) {
                candidates.add(candidate);
            }
        }
        return candidates;
    }

    private @Nullable Candidate candidate(String id) {
        Installed installed = providers.installed(id);
        if (installed != null && installed.id().equals(id)) {
            Resolution resolution = providers.resolve(installed, id);
            return resolution.begunBy() == null
                    ? null
                    : new Candidate(
                            id,
                            resolution.begunBy(),
                            resolution.complete(),
                            resolution.complete() ? Choice.of(resolution) : null,
                            resolution.problems());
        }
        KnownProvider known = KnownProvider.of(id);
        String begunBy = known == null ? null : known.begunBy(sources.environment());
        if (known == null || begunBy == null) {
            return null;
        }
        Choice standIn = id.equals(ProviderDirectory.RECOMMENDED) ? providers.standIn() : null;
        if (standIn != null && standIn.resolution().complete()) {
            return new Candidate(id, begunBy, true, standIn, List.of());
        }
        List<String> unset = known.unset(sources.environment());
        List<String> problems = new ArrayList<>();
        problems.add(providers.absent(known));
        problems.addAll(unset);
        return new Candidate(id, begunBy, unset.isEmpty(), null, problems);
    }
}
