package dev.anystore.cli;

import dev.anystore.Incomplete;
import dev.anystore.ObjectStore;
import dev.anystore.StorageException;
import dev.anystore.TreeOptions;
import dev.anystore.TreeOptions.Moved;
import dev.anystore.TreeResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Moves many objects, shows how far all of them are, and tells of each. */
final class TreeTransfers {
    /** Of the failures that a person is shown; the rest is a number. */
    private static final int SHOWN_FAILURES = 20;

    private final Verb verb;
    private final Transfers transfers;
    private final CopySettings settings;
    private final boolean requireMatch;

    TreeTransfers(Verb verb, Transfers transfers, CopySettings settings, boolean requireMatch) {
        this.verb = verb;
        this.transfers = transfers;
        this.settings = settings;
        this.requireMatch = requireMatch;
    }

    void run(Address source, Address target) {
        if (source instanceof Address.Local from && target instanceof Address.Remote to) {
            upload(from, to);
        } else if (source instanceof Address.Remote from && target instanceof Address.Local to) {
            download(from, to);
        } else if (source instanceof Address.Remote from && target instanceof Address.Remote to) {
            copy(from, to);
        } else {
            throw CommandFailure.usage(
                    "a folder goes into a store or comes out of one, not to " + Printable.of(target.text()),
                    "write :key for the default provider");
        }
    }

    private void upload(Address.Local from, Address.Remote to) {
        ObjectStore store = transfers.open(to);
        AtomicLong skipped = new AtomicLong();
        try (Survey survey = Survey.of(from.path(), verb.screen().tty().err() && !verb.quiet && !verb.json)) {
            Told told = new Told(
                    path -> from.path().resolve(path).toString(), path -> to.withKey(to.folder() + path), skipped);
            move(from.text(), told, survey, options -> store.uploadAll(from.path(), to.folder(), options));
        }
        if (skipped.get() > 0) {
            verb.screen()
                    .line("anystore: left out " + Units.count(skipped.get(), "link or device", "links and devices"));
        }
    }

    private void download(Address.Remote from, Address.Local to) {
        Path folder = to.path();
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw CommandFailure.usage("the target " + folder + " is a file", "name a folder");
        }
        ObjectStore store = transfers.open(from);
        Told told = new Told(path -> from.withKey(from.folder() + path).text(), path -> to(to, path), new AtomicLong());
        long files = move(from.text(), told, Survey.NONE, options -> store.downloadAll(from.folder(), folder, options));
        requireSome(files, from);
    }

    private static Address to(Address.Local folder, String path) {
        return new Address.Local(folder.path(), folder.path().resolve(path).toString());
    }

    private void copy(Address.Remote from, Address.Remote to) {
        if (settings.describes()) {
            throw CommandFailure.usage(
                    "a copy of many keeps what each has beside its bytes",
                    "leave out --content-type, --cache-control and --metadata");
        }
        ObjectStore source = transfers.open(from);
        ObjectStore store = transfers.open(to);
        if (source == store && to.folder().startsWith(from.folder())) {
            throw CommandFailure.usage(
                    Printable.of(to.text()) + " lies within " + Printable.of(from.text()), "copy it beside");
        }
        Told told = new Told(
                path -> from.withKey(from.folder() + path).text(),
                path -> to.withKey(to.folder() + path),
                new AtomicLong());
        long files = move(
                from.text(), told, Survey.NONE, options -> store.copyAll(source, from.folder(), to.folder(), options));
        requireSome(files, from);
    }

    private void requireSome(long files, Address.Remote from) {
        if (files == 0) {
            String message = "no key in " + from.withKey("").text() + " begins with " + from.folder();
            throw requireMatch ? CommandFailure.noMatch(message) : CommandFailure.fileAbsent(message, null);
        }
    }

    private long move(String name, Told told, Survey survey, Function<TreeOptions, TreeResult> work) {
        long began = System.nanoTime();
        TreeResult result;
        try (ProgressLine line = ProgressLine.begin(verb.screen(), name, "files", verb.quiet || verb.json)) {
            result = work.apply(TreeOptions.DEFAULT
                    .withPutOptions(settings.put())
                    .withListener(told)
                    .withProgress(progress -> line.progressed(survey.completed(progress))));
        } catch (Incomplete e) {
            throw told(e);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        verb.tell("%s  %s, %s in %s, %s"
                .formatted(
                        Printable.of(name),
                        Units.count(result.files(), "file", "files"),
                        Units.bytes(result.bytes()),
                        Units.time(took),
                        Units.rate(result.bytes(), took)));
        return result.files();
    }

    /** Each failure has its line; what ends the command is how many there were. */
    private RuntimeException told(Incomplete e) {
        if (!verb.json) {
            e.failures().values().stream()
                    .limit(SHOWN_FAILURES)
                    .map(failure -> Complaint.of(failure, verb.session()))
                    .forEach(complaint -> complaint.tell(verb.screen(), verb.name(), false, verb.verbose));
        }
        int count = e.failures().size();
        int shown = verb.json ? count : Math.min(count, SHOWN_FAILURES);
        return CommandFailure.some(
                Exit.NO_USE,
                Units.count(count, "file or object", "files or objects") + " failed, all others are done"
                        + (shown < count ? "; the first " + shown + " are above" : ""));
    }

    /** Tells scripts of each file when it is done. */
    private final class Told implements TreeOptions.TreeListener {
        private final Function<String, String> from;
        private final Function<String, Address> to;
        private final AtomicLong skipped;

        private Told(Function<String, String> from, Function<String, Address> to, AtomicLong skipped) {
            this.from = from;
            this.to = to;
            this.skipped = skipped;
        }

        @Override
        public void moved(Moved moved) {
            if (verb.json) {
                Address target = to.apply(moved.path());
                String key = target instanceof Address.Remote remote
                        ? remote.key()
                        : moved.info().key();
                transfers.told(
                        from.apply(moved.path()), target.text(), key, moved.info(), moved.took(), moved.progress());
            }
        }

        @Override
        public void failed(String path, StorageException failure) {
            if (verb.json) {
                Complaint.of(failure, verb.session()).tellOf(failure.key().orElse(path), verb);
            }
        }

        @Override
        public void skipped(String path) {
            skipped.incrementAndGet();
        }
    }
}
