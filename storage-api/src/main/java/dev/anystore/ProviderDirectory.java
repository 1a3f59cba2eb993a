package dev.anystore;

import dev.anystore.InstalledProviders.Installed;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All providers by their names: those on the class path, and those of the library that are not. Asked for one that is not
 * there, it says which artifact brings it.
 */
final class ProviderDirectory {
    /** What is recommended to who has no reason for another. */
    static final String RECOMMENDED = "b2";

    /** Speaks to the same service with the same variables as the recommended one, and stands in where that is absent. */
    static final String STAND_IN = "b2-s3";

    private final InstalledProviders providers;
    private final Sources sources;

    ProviderDirectory(InstalledProviders providers, Sources sources) {
        this.providers = providers;
        this.sources = sources;
    }

    /** The one with this id or alias if it is on the class path, else null. */
    @Nullable
    Installed installed(String name) {
        return providers.find(name);
    }

    /**
     * The provider that the caller names.
     *
     * @param origin where the name came from
     * @throws InvalidConfiguration if nothing is called so, or it is not on the class path
     */
    Choice byName(String name, String origin) {
        Installed installed = providers.find(name);
        if (installed != null) {
            return Choice.of(resolve(installed, name));
        }
        KnownProvider known = knownAs(name);
        if (known == null) {
            throw Problems.of(null, unknown(name, origin));
        }
        Choice standIn = known.id().equals(RECOMMENDED) ? standIn() : null;
        if (standIn != null && standIn.resolution().complete()) {
            return standIn;
        }
        throw Problems.of(known.id(), absent(known));
    }

    /**
     * Refuses a name that no provider has, installed or not.
     *
     * @throws InvalidConfiguration with a guess at what was meant
     */
    void requireKnown(String name, String origin) {
        if (!knows(name)) {
            throw Problems.of(null, unknown(name, origin));
        }
    }

    /** Whether a provider, installed or not, has this name. */
    boolean knows(String name) {
        return providers.find(name) != null || knownAs(name) != null;
    }

    /** The name nearest to what was written, or null. */
    @Nullable
    String nearest(String written) {
        return Spelling.nearest(InstalledProviders.plain(written), allNames());
    }

    /** Whether the environment speaks of this known provider. */
    boolean speaksOf(String name) {
        Installed installed = providers.find(name);
        if (installed != null) {
            Resolution resolution = resolve(installed, name);
            return resolution.begunBy() != null || resolution.spokenOf();
        }
        KnownProvider known = knownAs(name);
        return known != null && known.begunBy(sources.environment()) != null;
    }

    /** All providers: the library's own in the order of its table, then others, then those that failed to load. */
    List<ProviderInfo> list() {
        List<ProviderInfo> list = new ArrayList<>();
        for (KnownProvider known : KnownProvider.ALL) {
            Installed installed = providers.find(known.id());
            list.add(installed == null ? info(known) : info(installed));
        }
        providers.all().stream()
                .filter(installed -> KnownProvider.of(installed.id()) == null)
                .map(this::info)
                .forEach(list::add);
        providers.broken().stream()
                .map(broken -> new ProviderInfo(
                        broken.name(),
                        broken.name(),
                        List.of(),
                        false,
                        false,
                        false,
                        List.of("it failed to load: "
                                + broken.cause().getClass().getName()),
                        broken.cause()))
                .forEach(list::add);
        return List.copyOf(list);
    }

    private ProviderInfo info(Installed installed) {
        Resolution resolution = resolve(installed, installed.id());
        return new ProviderInfo(
                installed.id(),
                installed.displayName(),
                installed.aliases(),
                true,
                resolution.complete(),
                installed.id().equals(RECOMMENDED),
                resolution.problems(),
                null);
    }

    private ProviderInfo info(KnownProvider known) {
        Choice standIn = known.id().equals(RECOMMENDED) ? standIn() : null;
        boolean reached = standIn != null && standIn.resolution().complete();
        List<String> missing = new ArrayList<>();
        if (!reached) {
            missing.add(absent(known));
            missing.addAll(known.unset(sources.environment()));
        }
        return new ProviderInfo(
                known.id(),
                known.displayName(),
                known.aliases(),
                false,
                reached || known.unset(sources.environment()).isEmpty(),
                known.id().equals(RECOMMENDED),
                missing,
                null);
    }

    @Nullable
    Choice standIn() {
        Installed installed = providers.find(STAND_IN);
        if (installed == null) {
            return null;
        }
        Resolution resolution = resolve(installed, STAND_IN);
        return new Choice(
                resolution,
                List.of("b2 is reached by its S3 endpoint (b2-s3), because "
                        + known(RECOMMENDED).coordinates() + " is not on the class path"),
                resolution.warnings());
    }

    Resolution resolve(Installed installed, String name) {
        return SettingsResolver.resolve(installed, name, sources);
    }

    /** Why one that the library has can't be used: its artifact is not there, or did not load. */
    String absent(KnownProvider known) {
        StringBuilder text = new StringBuilder();
        text.append(known.coordinates()).append(" is not on the class path: add it");
        if (known.id().equals(RECOMMENDED) && providers.find(STAND_IN) != null) {
            text.append(", or set B2_REGION to reach it by its S3 endpoint");
        }
        if (!providers.broken().isEmpty()) {
            text.append(" (")
                    .append(providers.broken().stream()
                            .map(broken -> broken.name() + " failed to load: "
                                    + broken.cause().getClass().getSimpleName())
                            .collect(Collectors.joining(", ")))
                    .append(")");
        }
        return text.toString();
    }

    private String unknown(String name, String origin) {
        return "unknown provider %s in %s%s; there are %s"
                .formatted(
                        Text.value(name),
                        origin,
                        Spelling.didYouMean(InstalledProviders.plain(name), allNames()),
                        String.join(", ", names()));
    }

    /** One of the library's own by id or alias, installed or not; null if there is none. */
    private static @Nullable KnownProvider knownAs(String name) {
        String wanted = InstalledProviders.plain(name);
        return KnownProvider.ALL.stream()
                .filter(known -> known.id().equals(wanted)
                        || known.aliases().stream().anyMatch(alias -> InstalledProviders.plain(alias)
                                .equals(wanted)))
                .findFirst()
                .orElse(null);
    }

    static KnownProvider known(String id) {
        KnownProvider known = KnownProvider.of(id);
        if (known == null) {
            throw new IllegalStateException(id + " is not in the table");
        }
        return known;
    }

    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        KnownProvider.ALL.forEach(known -> names.add(known.id()));
        providers.all().forEach(installed -> names.add(installed.id()));
        return names;
    }

    private Set<String> allNames() {
        Set<String> names = new LinkedHashSet<>(names());
        KnownProvider.ALL.forEach(known -> names.addAll(known.aliases()));
        providers.all().forEach(installed -> names.addAll(installed.aliases()));
        return names;
    }
}
