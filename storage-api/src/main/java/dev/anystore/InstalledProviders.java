package dev.anystore;

import dev.anystore.spi.Setting;
import dev.anystore.spi.StorageProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The providers on the class path or module path, and those that failed to load. Loaded anew for each question and never
 * kept in a static field, so that no class loader outlives its application.
 */
final class InstalledProviders {
    /** After so many failures the service files themselves are beyond reading. */
    private static final int MAX_FAILURES = 100;

    private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern CLASS_IN_ERROR = Pattern.compile(": (?:Provider )?(\\S+) (?:not|could not|Unable)");

    /**
     * A provider with what it says about itself, asked once: a provider that fails while it is asked is a broken one.
     *
     * @param provider the door
     * @param id unique
     */
    record Installed(
            StorageProvider provider,
            String id,
            String displayName,
            List<String> aliases,
            List<String> uriSchemes,
            List<Setting> settings) {

        static Installed of(StorageProvider provider) {
            String id = provider.id();
            if (!ID.matcher(id).matches()) {
                throw new IllegalStateException("its id is not made of a-z, 0-9 and single hyphens");
            }
            return new Installed(
                    provider,
                    id,
                    provider.displayName(),
                    List.copyOf(provider.aliases()),
                    List.copyOf(provider.uriSchemes()),
                    List.copyOf(provider.settings()));
        }

        boolean answersTo(String name) {
            String wanted = plain(name);
            return plain(id).equals(wanted)
                    || aliases.stream().anyMatch(alias -> plain(alias).equals(wanted));
        }

        /** The id or the alias that the user meant, as it is declared. */
        String declaredName(String name) {
            String wanted = plain(name);
            return aliases.stream()
                    .filter(alias -> plain(alias).equals(wanted))
                    .findFirst()
                    .orElse(id);
        }
    }

    /**
     * A provider that could not be loaded.
     *
     * @param className where it is known
     */
    record Broken(@Nullable String className, Throwable cause) {
        String name() {
            return className == null ? "unknown" : className;
        }
    }

    private final Map<String, Installed> byId = new LinkedHashMap<>();
    private final List<Broken> broken = new ArrayList<>();

    private InstalledProviders() {}

    /** Those that the API's class loader sees, then those of the thread's context loader. */
    static InstalledProviders load() {
        InstalledProviders all = new InstalledProviders();
        ClassLoader own = StorageProvider.class.getClassLoader();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        all.loadFrom(own);
        if (context != null && context != own) {
            all.loadFrom(context);
        }
        return all;
    }

    /** These and no others. */
    static InstalledProviders of(Collection<? extends StorageProvider> providers) {
        InstalledProviders all = new InstalledProviders();
        providers.forEach(all::add);
        return all;
    }

    private void loadFrom(ClassLoader loader) {
        ServiceLoader<StorageProvider> services;
        try {
            services = ServiceLoader.load(StorageProvider.class, loader);
        } catch (ServiceConfigurationError | LinkageError e) {
            fail(null, e);
            return;
        }
        var iterator = services.iterator();
        for (int failures = 0; failures < MAX_FAILURES; ) {
            try {
                if (!iterator.hasNext()) {
                    return;
                }
                add(iterator.next());
            } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
                // Each failure concerns one entry of a service file; the iterator goes on with the one after it.
                failures++;
                fail(null, e);
            }
        }
    }

    private void add(StorageProvider provider) {
        try {
            Installed installed = Installed.of(provider);
            byId.putIfAbsent(installed.id(), installed);
        } catch (LinkageError | ServiceConfigurationError | RuntimeException e) {
            fail(provider.getClass().getName(), e);
        }
    }

    private void fail(@Nullable String className, Throwable cause) {
        String name = className;
        if (name == null && cause.getMessage() != null) {
            Matcher matcher = CLASS_IN_ERROR.matcher(cause.getMessage());
            name = matcher.find() ? matcher.group(1) : null;
        }
        String found = name;
        boolean knownAlready = broken.stream()
                .anyMatch(other -> found != null
                        ? found.equals(other.className())
                        : String.valueOf(cause).equals(String.valueOf(other.cause())));
        // A context loader with a copy of the library of its own offers the same classes again, as strangers.
        boolean loadedElsewhere = byId.values().stream()
                .anyMatch(installed -> installed.provider().getClass().getName().equals(found));
        if (!knownAlready && !loadedElsewhere) {
            broken.add(new Broken(found, cause));
        }
    }

    /** By id, in the order in which they were found. */
    Collection<Installed> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    /** Those that failed to load. */
    List<Broken> broken() {
        return Collections.unmodifiableList(broken);
    }

    /** The one with this id or alias, in any case; an id wins over somebody else's alias. Null if there is none. */
    @Nullable
    Installed find(String name) {
        Installed byName = byId.get(plain(name));
        return byName != null
                ? byName
                : byId.values().stream()
                        .filter(installed -> installed.answersTo(name))
                        .findFirst()
                        .orElse(null);
    }

    /** The one that URIs of this scheme lead to, or null. */
    @Nullable
    Installed byScheme(String scheme) {
        return byId.values().stream()
                .filter(installed -> installed.uriSchemes().stream().anyMatch(scheme::equalsIgnoreCase))
                .findFirst()
                .orElseGet(() -> find(scheme));
    }

    /** Names are compared without regard to case, and with {@code _} for {@code -}. */
    static String plain(String name) {
        return name.trim().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
