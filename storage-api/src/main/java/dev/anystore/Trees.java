package dev.anystore;

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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves many files: each is its own success or failure, all are tried. */
final class Trees {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore");

    private final ObjectStore store;
    private final Engine engine;
    private final TreeOptions options;
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Map<String, StorageException> failures = Collections.synchronizedMap(new LinkedHashMap<>());

    Trees(ObjectStore store, Engine engine, TreeOptions options) {
        this.store = store;
        this.engine = engine;
        this.options = options;
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
                    if (attributes.isRegularFile() && options.filter().test(path)) {
                        String key = keyPrefix + path;
                        workers.submit(() -> attempt(key, () -> store.upload(file, key, options.putOptions())));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    String key = keyPrefix + slashed(folder.relativize(file));
                    failures.put(key, engine.named(Failures.ofFile("can't be read", e), "upload", key));
                    return FileVisitResult.CONTINUE;
                }
            });
            workers.join();
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
        try (Scope scope = store.transfer("download", keyPrefix);
                TreeWorkers workers = new TreeWorkers(engine, scope)) {
            for (ListEntry entry : store.list(keyPrefix)) {
                String path = entry.key().substring(keyPrefix.length());
                if (options.filter().test(path)) {
                    workers.submit(() -> attempt(entry.key(), () -> fetch(entry, path, folder)));
                }
            }
            workers.join();
        }
        return result("download");
    }

    private ObjectInfo fetch(ListEntry entry, String path, Path folder) {
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
        return store.download(entry.key(), target);
    }

    private interface Move {
        ObjectInfo run();
    }

    private void attempt(String key, Move move) {
        ObjectInfo info;
        try {
            info = move.run();
        } catch (StorageException e) {
            failures.put(key, engine.named(e, "move", key));
            return;
        }
        files.incrementAndGet();
        bytes.addAndGet(info.size());
        TreeOptions.TreeListener listener = options.listener();
        if (listener != null) {
            try {
                listener.moved(info);
            } catch (RuntimeException e) {
                LOG.warn("a listener failed, which changes nothing", e);
            }
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
