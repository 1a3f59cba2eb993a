package com.example.host;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A host of many applications, as a servlet container is one: {@code Main JARS TENANT-JAR FOLDER}. Its own class path has
 * nothing of the library.
 */
public final class Main {
    private static final String LIBRARY = "dev.anystore.StorageConfig";
    /** Those in the jars that the host is given. */
    private static final String PROVIDERS = "b2-s3 local memory r2 s3 spaces wasabi";
    private static final int COLLECTIONS = 100;

    private final Path jars;
    private final Path tenant;
    private final Path folder;

    private Main(Path jars, Path tenant, Path folder) {
        this.jars = jars;
        this.tenant = tenant;
        this.folder = folder;
    }

    /** Ends with 0 if all holds. */
    public static void main(String[] arguments) throws Exception {
        Main host = new Main(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
        requireAbsent(Main.class.getClassLoader());
        host.anIsolatedTenantFindsItsProvidersWhateverTheContextLoader();
        host.twoTenantsHaveALibraryEach();
        host.aProviderOfTheTenantIsFoundByASharedLibrary();
        host.aTenantThatIsGoneLeavesNothing();
        System.out.println("class loaders are kept apart");
    }

    private void anIsolatedTenantFindsItsProvidersWhateverTheContextLoader() throws Exception {
        try (URLClassLoader loader = isolated()) {
            for (ClassLoader context : new ClassLoader[] {Main.class.getClassLoader(), loader, null}) {
                requireEqual(PROVIDERS, run(loader, context, "isolated"));
            }
        }
    }

    private void twoTenantsHaveALibraryEach() throws Exception {
        try (URLClassLoader one = isolated();
                URLClassLoader other = isolated()) {
            require(one.loadClass(LIBRARY) != other.loadClass(LIBRARY), "both tenants have the same class");
            requireEqual(PROVIDERS, run(one, one, "one"));
            // The classes of the context loader are strangers to this library: they are passed over.
            requireEqual(PROVIDERS, run(other, one, "other"));
            requireEqual(PROVIDERS, run(one, other, "one"));
        }
    }

    /** The library in a parent, the provider in the tenant: it is there while the tenant's loader is the context. */
    private void aProviderOfTheTenantIsFoundByASharedLibrary() throws Exception {
        List<URL> library = urls(Main::isShared);
        List<URL> providers = urls(jar -> !isShared(jar));
        providers.add(url(tenant));
        try (URLClassLoader shared = loader(ClassLoader.getPlatformClassLoader(), library);
                URLClassLoader with = loader(shared, providers);
                URLClassLoader without = loader(shared, List.of(url(tenant)))) {
            require(with.loadClass(LIBRARY) == without.loadClass(LIBRARY), "the library is not shared");
            requireEqual(PROVIDERS, run(with, with, "shared"));
            String refused = run(without, without, "shared");
            require(refused.startsWith("refused: ") && refused.contains("storage-local"), refused);
            // What one tenant has found is not kept for the others, nor is what one has missed.
            requireEqual(PROVIDERS, run(with, with, "shared"));
        }
    }

    private void aTenantThatIsGoneLeavesNothing() throws Exception {
        int threads = libraryThreads();
        WeakReference<ClassLoader> gone = comeAndGo();
        Last last = new Last(folder);
        require(last.equals(new Last(folder)) && last.hashCode() != 0 && !last.toString().isEmpty(), "no record");
        for (int i = 0; gone.get() != null && i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(20);
        }
        require(gone.get() == null, "something still holds the class loader of a tenant that is gone");
        require(libraryThreads() <= threads, "the tenant left threads behind");
    }

    /**
     * The JDK remembers the record whose {@code equals}, {@code hashCode} or {@code toString} was the last to be linked, and
     * with it that record's class loader: {@code asTypeCache} of the handles in {@code java.lang.runtime.ObjectMethods}. This
     * one takes the tenant's place there.
     */
    private record Last(Object value) {}

    private WeakReference<ClassLoader> comeAndGo() throws Exception {
        try (URLClassLoader loader = isolated()) {
            requireEqual(PROVIDERS, run(loader, loader, "gone"));
            return new WeakReference<>(loader);
        }
    }

    private static int libraryThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("anystore"))
                .count();
    }

    private String run(ClassLoader loader, ClassLoader context, String name) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(context);
        try {
            @SuppressWarnings("unchecked") // Tenant is one
            Function<String, String> application = (Function<String, String>)
                    loader.loadClass("com.example.tenant.Tenant").getConstructor().newInstance();
            return application.apply(Files.createDirectories(folder.resolve(name)).toString());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Everything, and no parent that has any of it. */
    private URLClassLoader isolated() throws IOException {
        List<URL> everything = urls(jar -> true);
        everything.add(url(tenant));
        URLClassLoader loader = loader(ClassLoader.getPlatformClassLoader(), everything);
        requireAbsent(loader.getParent());
        return loader;
    }

    private static URLClassLoader loader(ClassLoader parent, List<URL> urls) {
        return new URLClassLoader(urls.toArray(URL[]::new), parent);
    }

    private List<URL> urls(Predicate<Path> which) throws IOException {
        List<URL> urls = new ArrayList<>();
        try (Stream<Path> files = Files.list(jars)) {
            for (Path jar : files.filter(which).toList()) {
                urls.add(url(jar));
            }
        }
        return urls;
    }

    private static URL url(Path jar) throws MalformedURLException {
        return jar.toUri().toURL();
    }

    private static boolean isShared(Path jar) {
        String name = jar.getFileName().toString();
        return name.startsWith("storage-api-") || name.startsWith("slf4j-") || name.startsWith("jspecify-");
    }

    private static void requireAbsent(ClassLoader loader) {
        try {
            loader.loadClass(LIBRARY);
        } catch (ClassNotFoundException e) {
            return;
        }
        throw new IllegalStateException(loader + " has the library");
    }

    private static void requireEqual(String expected, String found) {
        require(expected.equals(found), "expected '" + expected + "', found '" + found + "'");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
