package dev.anystore;

import dev.anystore.InstalledProviders.Installed;
import dev.anystore.Sources.Given;
import dev.anystore.spi.CommonSettings;
import dev.anystore.spi.Destination;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.Secret;
import dev.anystore.spi.Setting;
import dev.anystore.spi.SettingValues;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the value of each setting of one provider: what the caller gave, then system properties, then the environment,
 * then the default. Settings of a group come from one of these only, and within the environment from one family of
 * variables, so that an id never meets the secret of another. Everything that is wrong is collected, nothing is mended.
 */
final class SettingsResolver {
    /** {@code anystore.<provider>.<setting>}, or for the settings common to all {@code anystore.<setting>}. */
    static final String PROPERTY_PREFIX = "anystore.";

    static final String LENIENT = "STORAGE_ENV_LENIENT";

    /** What stands before each key; not a setting of any provider. */
    static final String PREFIX = "prefix";

    /** Names in maps that choose the provider. */
    static final List<String> PROVIDER_NAMES = List.of("provider_type", "provider");

    /** Something shorter guards nothing, and taking its letters out of a message would leave none. */
    private static final int SHORTEST_HIDDEN = 4;

    private final Installed installed;
    private final Sources sources;
    private final EnvironmentReader environment;
    private final Map<String, ProviderSettings.Value> values = new LinkedHashMap<>();
    private final Set<Setting> wrong = new LinkedHashSet<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private SettingsResolver(Installed installed, Sources sources) {
        this.installed = installed;
        this.sources = sources;
        this.environment = new EnvironmentReader(sources.environment());
    }

    static Resolution resolve(Installed installed, String requestedName, Sources sources) {
        return new SettingsResolver(installed, sources).resolve(meant(installed, requestedName, sources));
    }

    /** Who says {@code STORAGE_PROVIDER=minio} and then {@code s3} means one service: the name that says more stays. */
    private static String meant(Installed installed, String requestedName, Sources sources) {
        String declared = installed.declaredName(requestedName);
        String chosen = sources.environment().get(ProviderChoice.VARIABLE);
        return declared.equals(installed.id()) && chosen != null ? installed.declaredName(chosen) : declared;
    }

    private Resolution resolve(String requestedName) {
        refuseUnknownNames();
        List<Setting> all = new ArrayList<>(installed.settings());
        all.addAll(CommonSettings.ALL);
        boolean lenient = lenient();
        Map<String, List<Setting>> groups = new LinkedHashMap<>();
        for (Setting setting : all) {
            String unit = setting.group() == null ? "setting " + setting.name() : "group " + setting.group();
            groups.computeIfAbsent(unit, name -> new ArrayList<>()).add(setting);
        }
        groups.values().forEach(group -> take(group, lenient));

        ProviderSettings settings = ProviderSettings.of(installed.id(), requestedName, values, chain());
        Destination destination = describe(settings);
        return new Resolution(
                installed,
                settings,
                problems.isEmpty() ? destination : null,
                begunBy(),
                List.copyOf(problems),
                List.copyOf(warnings));
    }

    private boolean lenient() {
        String value = sources.environment().getOrDefault(LENIENT, "");
        try {
            return !value.isBlank() && SettingValues.flag(value);
        } catch (IllegalArgumentException e) {
            problems.add(LENIENT + " (" + Text.value(value) + ") " + e.getMessage());
            return false;
        }
    }

    /** One setting without a group, or all of one group: all values from the first place that has any. */
    private void take(List<Setting> group, boolean lenient) {
        List<Found> given = find(group, this::given);
        List<Found> found = given.isEmpty() ? find(group, this::properties) : given;
        boolean fromEnvironment = found.isEmpty();
        if (fromEnvironment) {
            found = find(group, environment::find);
        }
        SettingGroup choice = new SettingGroup(group, found, fromEnvironment);
        choice.choose(lenient);
        problems.addAll(choice.problems());
        warnings.addAll(choice.warnings());
        wrong.addAll(choice.wrong());
        choice.chosen().forEach((setting, one) -> {
            if (one.text() != null) {
                values.put(setting.name(), new ProviderSettings.Value(Secret.of(one.text()), one.origin()));
            }
        });
    }

    private static List<Found> find(List<Setting> group, Function<Setting, List<Found>> place) {
        return group.stream().flatMap(setting -> place.apply(setting).stream()).toList();
    }

    private List<Found> given(Setting setting) {
        return sources.given().stream()
                .filter(given -> mapNames(setting).contains(given.plainName()))
                .map(given -> Found.of(setting, given.origin(), given.value(), null))
                .filter(found -> !found.empty())
                .toList();
    }

    private List<Found> properties(Setting setting) {
        List<String> names = new ArrayList<>();
        names.add(PROPERTY_PREFIX + installed.id() + "." + setting.name());
        if (CommonSettings.ALL.contains(setting)) {
            names.add(PROPERTY_PREFIX + setting.name());
        }
        // The provider's own property stands above the one for all: a precedence, no conflict.
        return names.stream()
                .filter(sources.properties()::containsKey)
                .map(name -> Found.of(setting, name, sources.properties().getOrDefault(name, ""), null))
                .filter(found -> !found.empty())
                .limit(1)
                .toList();
    }

    /** All names of a setting in maps, plain. */
    static Set<String> mapNames(Setting setting) {
        Set<String> names = new LinkedHashSet<>();
        setting.mapNames().forEach(name -> names.add(Given.plain(name)));
        names.add(Given.plain(setting.name()));
        return names;
    }

    private void refuseUnknownNames() {
        Set<String> known = new LinkedHashSet<>(PROVIDER_NAMES);
        known.add(PREFIX);
        Set<String> properties = new LinkedHashSet<>();
        Map<String, String> variables = new TreeMap<>();
        List<Setting> all = new ArrayList<>(installed.settings());
        all.addAll(CommonSettings.ALL);
        for (Setting setting : all) {
            Set<String> names = mapNames(setting);
            known.addAll(names);
            properties.add(setting.name());
            setting.variables()
                    .forEach(variable -> variables.put(
                            Given.plain(variable.name()), names.iterator().next()));
        }
        for (Given given : sources.given()) {
            if (!known.contains(given.plainName())) {
                String meant = variables.get(given.plainName());
                problems.add(Text.name(given.origin()) + " is not a setting of " + installed.id()
                        + (meant == null
                                ? Spelling.didYouMean(given.plainName(), known)
                                : "; this variable of the environment is called " + meant + " here"));
            }
        }
        String own = PROPERTY_PREFIX + installed.id() + ".";
        for (String property : sources.properties().keySet()) {
            String name = property.startsWith(own) ? property.substring(own.length()) : null;
            if (name != null && !properties.contains(name)) {
                problems.add("the system property " + Text.name(property) + " is not a setting of " + installed.id()
                        + Spelling.didYouMean(name, properties));
            }
        }
    }

    /** Credentials of Amazon must not reach anybody else, not even by a chain that reads too much. */
    private Map<String, String> chain() {
        boolean amazon = installed.settings().stream()
                .flatMap(setting -> setting.variables().stream())
                .anyMatch(variable -> variable.name().startsWith("AWS_"));
        Map<String, String> chain = new LinkedHashMap<>(sources.chain());
        if (!amazon) {
            chain.keySet().removeIf(name -> name.startsWith("AWS_"));
        }
        return chain;
    }

    private @Nullable Destination describe(ProviderSettings settings) {
        try {
            return installed.provider().describe(settings);
        } catch (InvalidConfiguration e) {
            List<String> found = e.problems().isEmpty() ? List.of(e.reason()) : e.problems();
            found.stream()
                    .filter(problem -> !told(problem))
                    .map(problem -> hidden(settings, problem))
                    .forEach(problems::add);
        } catch (RuntimeException | LinkageError e) {
            if (wrong.isEmpty()) {
                // A check of a provider fails by InvalidConfiguration; the text of anything else may hold anything.
                problems.add(
                        "its settings could not be checked (" + e.getClass().getName() + ")");
            }
        }
        return null;
    }

    /** A value that is wrong was left out; the provider must not say too that it is missing. */
    private boolean told(String problem) {
        return wrong.stream()
                .anyMatch(setting -> Pattern.compile("(?<!\\w)" + Pattern.quote(setting.howToSet()) + "(?!\\w)")
                        .matcher(problem)
                        .find());
    }

    private String hidden(ProviderSettings settings, String problem) {
        List<Setting> all = new ArrayList<>(installed.settings());
        all.addAll(CommonSettings.ALL);
        String text = problem;
        for (Setting setting : all) {
            String secret = setting.secret() ? settings.find(setting) : null;
            if (secret != null && secret.length() >= SHORTEST_HIDDEN) {
                text = text.replace(secret, "***");
            }
        }
        return text;
    }

    private @Nullable String begunBy() {
        Collection<Setting> begins =
                installed.settings().stream().filter(Setting::begins).toList();
        for (Setting setting : begins) {
            String property = PROPERTY_PREFIX + installed.id() + "." + setting.name();
            if (!sources.properties().getOrDefault(property, "").isBlank()) {
                return property;
            }
        }
        return begins.stream()
                .flatMap(setting -> environment.names(setting).stream())
                .findFirst()
                .orElse(null);
    }
}
