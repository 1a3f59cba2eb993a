package dev.anystore;

import dev.anystore.TreeOptions.Moved;
import dev.anystore.TreeOptions.TreeListener;
import dev.anystore.engine.Engine;
import dev.anystore.engine.Failures;
import dev.anystore.engine.Scope;
import dev.anystore.engine.TreeWorkers;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves many files: each is its own success or failure, all are tried, unless one fails in a way in which all others must
 * fail too.
 */
final class Trees {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore");

    /** Nothing about the next file can make these different; a wrong secret is told once, not ten thousand times. */
    private static final Set<StorageException.Kind> HOPELESS = EnumSet.of(
            StorageException.Kind.UNAUTHENTICATED,
            StorageException.Kind.BUCKET_NOT_FOUND,
            StorageException.Kind.CLOCK_SKEW,
            StorageException.Kind.CLOSED,
            StorageException.Kind.CANCELLED);

    private final ObjectStore store;
    private final Engine engine;
    private final TreeOptions options;
    private final TreeMeter meter;
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Map<String, StorageException> failures = Collections.synchronizedMap(new LinkedHashMap<>());

    Trees(ObjectStore store, Engine engine, TreeOptions options) {
        this.store = store;
        this.engine = engine;
        this.options = options;
        this.meter = new TreeMeter(options.progress());
    }

    TreeResult upload(Path folder, String keyPrefix) {
        if (!Files.isDirectory(folder)) {
            throw store.failure(StorageException.Kind.LOCAL_IO, "upload", null)
                    .message("the folder " + folder + " does not exist, or is none")
                    .build();
        }
        try (Scope scope = store.transfer("upload", keyPrefix);
                TreeWorkers workers = new TreeWorkers(engine, scope)) {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String path = slashed(folder.relativize(file));
                    if (!options.filter().test(path)) {
                        return FileVisitResult.CONTINUE;
                    }
                    if (!attributes.isRegularFile()) {
                        tell(listener -> listener.skipped(path));
                        return FileVisitResult.CONTINUE;
                    }
                    String key = keyPrefix + path;
                    meter.found(attributes.size());
                    workers.submit(() -> attempt(
                            scope,
                            path,
                            key,
                            told -> store.upload(file, key, options.putOptions().withProgress(told))));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    String path = slashed(folder.relativize(file));
                    failed(path, keyPrefix + path, Failures.ofFile("it can't be read", e), "upload");
                    return FileVisitResult.CONTINUE;
                }
            });
            meter.allFound();
            workers.join();
            meter.end();
        } catch (IOException e) {
            throw engine.named(Failures.ofFile("the folder " + folder + " can't be read", e), "upload", keyPrefix);
        }
        return result("upload");
    }

    private static String slashed(Path relative) {
        String path = relative.toString();
        String separator = relative.getFileSystem().getSeparator();
        return separator.equals("/") ? path : path.replace(separator, "/");
    }

    TreeResult download(String keyPrefix, Path folder) {
        each(store, keyPrefix, "download", (entry, path, told) -> fetch(entry, path, folder, told));
        return result("download");
    }

    TreeResult copy(ObjectStore source, String fromPrefix, String toPrefix) {
        each(source, fromPrefix, "copy", (entry, path, told) -> {
            CopyOptions copy = CopyOptions.of(options.putOptions()).withProgress(told);
            return store.copyFrom(source, entry.key(), toPrefix + path, copy);
        });
        return result("copy");
    }

    private interface Work {
        ObjectInfo run(ListEntry entry, String path, ProgressListener told);
    }

    private void each(ObjectStore source, String keyPrefix, String verb, Work work) {
        try (Scope scope = store.transfer(verb, keyPrefix);
                TreeWorkers workers = new TreeWorkers(engine, scope)) {
            for (ListEntry entry : source.list(keyPrefix)) {
                String path = entry.key().substring(keyPrefix.length());
                if (options.filter().test(path)) {
                    meter.found(entry.size());
                    workers.submit(() -> attempt(scope, path, entry.key(), told -> work.run(entry, path, told)));
                }
            }
            meter.allFound();
            workers.join();
            meter.end();
        }
    }

    private ObjectInfo fetch(ListEntry entry, String path, Path folder, ProgressListener told) {
        boolean marker = path.endsWith("/") && entry.size() == 0;
        String name = marker ? path.substring(0, path.length() - 1) : path;
        Path target = TreePaths.below(folder, name);
        if (marker) {
            TreePaths.makeFolders(folder, target);
            return store.head(entry.key());
        }
        Path parent = target.getParent();
        TreePaths.makeFolders(folder, parent == null ? folder : parent);
        if (Files.isSymbolicLink(target)) {
            throw TreePaths.refused("there is a link at " + target + ", which is not followed");
        }
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw TreePaths.refused("there is a folder at " + target);
        }
        return store.download(entry.key(), target, GetOptions.DEFAULT.withProgress(told));
    }

    private interface Move {
        ObjectInfo run(ProgressListener told);
    }

    private void attempt(Scope scope, String path, String key, Move move) {
        TreeMeter.OfFile told = meter.begin();
        long began = System.nanoTime();
        try {
            ObjectInfo info = move.run(told);
            files.incrementAndGet();
            bytes.addAndGet(info.size());
            Moved moved = new Moved(path, info, told.latest(), Duration.ofNanos(System.nanoTime() - began));
            tell(listener -> listener.moved(moved));
        } catch (StorageException e) {
            StorageException named = failed(path, key, e, "move");
            if (HOPELESS.contains(e.kind())) {
                scope.stop(named);
            }
        } finally {
            told.end();
        }
    }

    private StorageException failed(String path, String key, StorageException e, String verb) {
        StorageException named = engine.named(e, verb, key);
        failures.put(key, named);
        tell(listener -> listener.failed(path, named));
        return named;
    }

    private void tell(Consumer<TreeListener> what) {
        TreeListener listener = options.listener();
        if (listener == null) {
            return;
        }
        try {
            what.accept(listener);
        } catch (RuntimeException e) {
            LOG.warn("a listener failed, which changes nothing", e);
        }
    }

    private TreeResult result(String verb) {
        if (!failures.isEmpty()) {
            StorageException first = failures.values().iterator().next();
            throw store.failure(StorageException.Kind.INCOMPLETE, verb, null)
                    .message(failures.size() + " of " + (files.get() + failures.size()) + " failed; the first: "
                            + first.getMessage())
                    .failures(failures)
                    .cause(first)
                    .build();
        }
        return new TreeResult(files.get(), bytes.get());
    }
}
