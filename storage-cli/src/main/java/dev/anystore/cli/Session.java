package dev.anystore.cli;

import dev.anystore.ObjectStore;
import dev.anystore.StorageConfig;
import dev.anystore.StorageRegistry;
import dev.anystore.StoreOptions;
import dev.anystore.spi.CommonSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One run of the command: what it was given, and the stores that it has opened. A run touches nothing of the process but
 * through this, so that tests give it an environment and streams of their own.
 */
final class Session implements AutoCloseable {
    private final Map<String, String> environment;
    private final StorageRegistry registry;
    private final InputStream in;
    private final Output out;
    private final Screen screen;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<StorageConfig, ObjectStore> stores = new LinkedHashMap<>();
    private final List<Runnable> cleaning = new ArrayList<>();
    private @Nullable Thread runner;
    private boolean interrupted;
    private final AtomicBoolean warned = new AtomicBoolean();

    Session(Map<String, String> environment, InputStream in, OutputStream out, OutputStream err, Tty tty) {
        this(environment, Map.of(), in, out, err, tty);
    }

    Session(
            Map<String, String> environment,
            Map<String, String> properties,
            InputStream in,
            OutputStream out,
            OutputStream err,
            Tty tty) {
        this.environment = Map.copyOf(environment);
        this.registry = StorageRegistry.of(environment).withSystemProperties(properties);
        this.in = in;
        this.out = new Output(out, tty.out());
        this.screen = new Screen(err, tty);
    }

    StorageRegistry registry() {
        return registry;
    }

    Map<String, String> environment() {
        return environment;
    }

    InputStream in() {
        return in;
    }

    Output out() {
        return out;
    }

    Screen screen() {
        return screen;
    }

    Address address(String text) {
        return Address.parse(text, registry);
    }

    /** Where an address leads, from the environment; no I/O. */
    StorageConfig config(Address.Remote address) {
        String provider = address.provider();
        String bucket = address.bucket();
        if (provider == null) {
            return registry.getDefault();
        }
        if (bucket == null) {
            return registry.getProvider(provider);
        }
        // The bucket of the address may be the only one that is named.
        return registry.builder(provider)
                .environment(environment)
                .set("bucket_name", bucket)
                .build();
    }

    /**
     * Where transfers note how far they are: what the environment says, else the platform's folder. Null where the environment
     * says it already or where that folder can't be made; the second is told once.
     */
    @Nullable
    Path journals() {
        String configured = environment.getOrDefault(
                CommonSettings.JOURNAL_DIR.variables().get(0).name(), "");
        Path folder = StateFolder.transfers(environment, System.getProperty("os.name", ""));
        if (!configured.isEmpty() || folder == null) {
            return null;
        }
        try {
            boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
            Files.createDirectories(
                    folder,
                    posix
                            ? new FileAttribute<?>[] {
                                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                            }
                            : new FileAttribute<?>[0]);
            if (Files.isWritable(folder)) {
                return folder;
            }
            warnOnce("no right to write in " + folder);
        } catch (IOException e) {
            warnOnce("the folder " + folder + " can't be made");
        }
        return null;
    }

    private void warnOnce(String why) {
        if (warned.compareAndSet(false, true)) {
            screen.line("anystore: warning: an interrupted transfer will begin anew: " + why
                    + "; set STORAGE_JOURNAL_DIR to another folder");
        }
    }

    /** The store of an address; one for each place, closed when the run ends. */
    ObjectStore open(Address.Remote address, StoreOptions options) {
        return open(config(address), options);
    }

    ObjectStore open(StorageConfig config, StoreOptions options) {
        lock.lock();
        try {
            checkInterrupted();
            ObjectStore open = stores.get(config);
            if (open == null) {
                open = config.open(options);
                stores.put(config, open);
            }
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** What must not be left behind, however the run ends. Runs last, and once. */
    void cleanUp(Runnable work) {
        lock.lock();
        try {
            cleaning.add(work);
            checkInterrupted();
        } finally {
            lock.unlock();
        }
    }

    private void checkInterrupted() {
        if (interrupted) {
            throw new Interrupted();
        }
    }

    /** Somebody pressed Ctrl-C. */
    static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    void runsOn(Thread thread) {
        lock.lock();
        try {
            runner = thread;
        } finally {
            lock.unlock();
        }
    }

    boolean isInterrupted() {
        lock.lock();
        try {
            return interrupted;
        } finally {
            lock.unlock();
        }
    }

    /** Stops whatever is under way; the run then ends by itself, with 130. Called from another thread. */
    void interrupt() {
        List<ObjectStore> open;
        Thread thread;
        lock.lock();
        try {
            interrupted = true;
            open = List.copyOf(stores.values());
            thread = runner;
        } finally {
            lock.unlock();
        }
        if (thread != null) {
            thread.interrupt();
        }
        open.forEach(ObjectStore::close);
    }

    @Override
    public void close() {
        List<ObjectStore> open;
        List<Runnable> work;
        lock.lock();
        try {
            open = List.copyOf(stores.values());
            stores.clear();
            work = List.copyOf(cleaning);
            cleaning.clear();
        } finally {
            lock.unlock();
        }
        open.forEach(ObjectStore::close);
        // Tidying up is not what was interrupted.
        boolean flag = Thread.interrupted();
        work.forEach(Runnable::run);
        if (flag) {
            Thread.currentThread().interrupt();
        }
    }
}
