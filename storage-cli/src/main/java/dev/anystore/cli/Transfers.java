package dev.anystore.cli;

import dev.anystore.Body;
import dev.anystore.CopyOptions;
import dev.anystore.GetOptions;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectReader;
import dev.anystore.ObjectStore;
import dev.anystore.Progress;
import dev.anystore.PutOptions;
import dev.anystore.StorageIOException;
import dev.anystore.Verification;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Moves one object, shows how far it is, and tells what came of it. */
final class Transfers {
    private final Verb verb;
    private final CopySettings settings;

    Transfers(Verb verb, CopySettings settings) {
        this.verb = verb;
        this.settings = settings;
    }

    ObjectStore open(Address.Remote address) {
        return verb.session()
                .open(address, settings.store().withJournal(verb.session().journals()));
    }

    private interface Move {
        ObjectInfo run(ProgressLine progress);
    }

    private void move(String from, String to, String key, Move move) {
        String name = key.substring(key.lastIndexOf('/', key.length() - 2) + 1);
        long began = System.nanoTime();
        ObjectInfo info;
        Progress last;
        try (ProgressLine progress = ProgressLine.begin(verb.screen(), name, "parts", verb.quiet || verb.json)) {
            info = move.run(progress);
            last = progress.latest();
        }
        told(from, to, key, info, Duration.ofNanos(System.nanoTime() - began), last);
    }

    /** What a script reads, or a line for whoever watches. */
    void told(String from, String to, String key, ObjectInfo info, Duration took, @Nullable Progress progress) {
        int parts = progress == null ? 1 : Math.max(1, progress.parts());
        int retries = progress == null ? 0 : progress.retries();
        int resumed = progress == null ? 0 : progress.resumedParts();
        if (verb.json) {
            verb.out()
                    .line(verb.json(key)
                            .put("from", from)
                            .put("to", to)
                            .put("size", info.size())
                            .put("ms", took.toMillis())
                            .put("parts", parts)
                            .put("retries", retries)
                            .put("resumed", resumed > 0)
                            .put("verification", info.verification().name())
                            .end());
            return;
        }
        // What an earlier run has moved would make this one look faster than it was.
        String speed = took.toMillis() >= 100 && resumed == 0 ? ", " + Units.rate(info.size(), took) : "";
        String inParts = parts > 1 ? ", " + parts + " parts" : "";
        String again = retries > 0 ? ", " + Units.count(retries, "request", "requests") + " tried again" : "";
        String further = resumed > 0 ? ", went on from " + Units.count(resumed, "part", "parts") : "";
        verb.tell("%s -> %s  %s in %s%s%s%s%s, %s"
                .formatted(
                        Printable.of(from),
                        Printable.of(to),
                        Units.bytes(info.size()),
                        Units.time(took),
                        speed,
                        inParts,
                        further,
                        again,
                        check(info.verification())));
    }

    static String check(Verification verification) {
        return switch (verification) {
            case WHOLE -> "verified";
            case PARTS -> "each part verified";
            case UNVERIFIED -> "not verified: no digest is known";
        };
    }

    /** A file, or whatever else can be read once: a pipe, a device. */
    void upload(Address.Local from, Address.Remote to) {
        Path file = from.path();
        BasicFileAttributes attributes = attributes(file);
        if (attributes.isDirectory()) {
            throw CommandFailure.usage(from.text() + " is a folder", "add -r to copy what is in it");
        }
        Address.Remote target =
                to.key().isEmpty() || to.key().endsWith("/") ? to.withKey(to.key() + fileName(file)) : to;
        ObjectStore store = open(target);
        move(from.text(), target.text(), target.key(), progress -> {
            PutOptions options = settings.put().withProgress(progress);
            return attributes.isRegularFile()
                    ? store.upload(file, target.key(), options)
                    : store.put(target.key(), Body.from(() -> Files.newInputStream(file)), options);
        });
    }

    private static String fileName(Path file) {
        Path name = file.toAbsolutePath().normalize().getFileName();
        return name == null ? "" : name.toString();
    }

    static BasicFileAttributes attributes(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw CommandFailure.fileAbsent("there is no file " + file, null);
        } catch (AccessDeniedException e) {
            throw CommandFailure.rights(file + " can't be read: no right to do so");
        } catch (IOException e) {
            throw CommandFailure.local(file + " can't be read: " + e.getMessage(), null);
        }
    }

    /** Standard input, whose end is not known before it comes. */
    void put(InputStream in, Address.Remote to) {
        ObjectStore store = open(to);
        InputStream guarded = new PipeInput(in, verb.session());
        move(
                "-",
                to.text(),
                to.key(),
                progress ->
                        store.put(to.key(), Body.stream(guarded), settings.put().withProgress(progress)));
    }

    void download(Address.Remote from, Address.Local to) {
        Path target = target(from, to);
        ObjectStore store = open(from);
        move(from.text(), target.toString(), from.key(), progress -> {
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                return intoDevice(store, from.key(), target);
            }
            return store.download(from.key(), target, GetOptions.DEFAULT.withProgress(progress));
        });
    }

    /** The file to write: in a folder under the last word of the key, through a link where it leads. */
    private static Path target(Address.Remote from, Address.Local to) {
        Path path = to.path();
        boolean folder = Files.isDirectory(path);
        if (!folder
                && (to.text().endsWith("/")
                        || to.text().endsWith(path.getFileSystem().getSeparator()))) {
            throw noFolder(path);
        }
        if (folder) {
            String name = from.key().substring(from.key().lastIndexOf('/') + 1);
            if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\\') >= 0) {
                throw CommandFailure.usage(
                        "the key " + Printable.of(from.key()) + " gives no file name",
                        "name the file: " + to.text() + "/NAME");
            }
            path = path.resolve(name);
            if (Files.isDirectory(path)) {
                throw CommandFailure.usage("the target " + path + " is a folder", "name another file");
            }
        }
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw noFolder(parent);
        }
        try {
            // The rename at the end would replace the link itself.
            return Files.isSymbolicLink(path) ? path.toRealPath() : path;
        } catch (IOException e) {
            throw CommandFailure.usage(
                    path + " is a link that leads nowhere", "remove it, or name the file that it should lead to");
        }
    }

    static CommandFailure noFolder(Path folder) {
        return CommandFailure.folderAbsent(
                "the target folder " + folder + " does not exist", "create it first: mkdir -p " + folder);
    }

    /** A device or a pipe can't be replaced by a new file: the bytes go into it. */
    private static ObjectInfo intoDevice(ObjectStore store, String key, Path target) {
        try (ObjectReader reader = store.get(key);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
            reader.transferTo(out);
            out.flush();
            return reader.info().toBuilder().verification(reader.verification()).build();
        } catch (StorageIOException e) {
            throw e.storageException();
        } catch (IOException e) {
            throw CommandFailure.local(target + " can't be written: " + e.getMessage(), null);
        }
    }

    void copy(Address.Remote from, Address.Remote to) {
        String name = from.key().substring(from.key().lastIndexOf('/') + 1);
        Address.Remote target = to.key().isEmpty() || to.key().endsWith("/") ? to.withKey(to.key() + name) : to;
        ObjectStore source = open(from);
        ObjectStore store = open(target);
        if (source == store && from.key().equals(target.key())) {
            throw CommandFailure.usage("source and target are the same object " + from.text(), null);
        }
        move(from.text(), target.text(), target.key(), progress -> {
            CopyOptions options = CopyOptions.DEFAULT.withProgress(progress);
            if (settings.ifAbsent) {
                options = options.ifAbsent();
            }
            if (settings.describes()) {
                options = options.replacing(settings.put());
            }
            return store.copyFrom(source, from.key(), target.key(), options);
        });
    }

    void cat(Address.Remote from) {
        try (ObjectReader reader = open(from).get(from.key())) {
            Cat.copy(reader, verb.out());
        }
    }
}
