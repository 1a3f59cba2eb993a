package dev.anystore.cli;

import dev.anystore.Incomplete;
import dev.anystore.ListEntry;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectStore;
import dev.anystore.StoreOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes objects. Asks first, counts first, and can only show what it would do. */
@Command(
        name = "rm",
        header = "Delete objects.",
        description = {
            "",
            "Asks on a terminal, and needs --yes without one. With -r an address is a folder, and everything below",
            "goes, if it is not more than --max. Where a bucket keeps versions, objects are only hidden. An object",
            "that is not there is no error with --yes.",
            ""
        },
        footer = {
            "",
            "  anystore rm r2:models/old.pt",
            "  anystore rm -r --dry-run :logs/2024/       what would go",
            "  anystore rm -r --yes --max 50000 :logs/2024/"
        },
        sortOptions = false)
final class Rm extends Verb {
    private static final int BATCH = 1000;
    private static final int LONGEST_ANSWER = 64;

    @Parameters(arity = "1..*", paramLabel = "ADDRESS", description = "The objects, or with -r the folders.")
    List<String> addresses = List.of();

    @Option(
            names = {"-r", "--recursive"},
            description = "Everything below.")
    boolean recursive;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Show what would be deleted, and delete nothing.")
    boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    boolean yes;

    @Option(
            names = "--max",
            paramLabel = "N",
            description = "With -r: at most so many objects, 1000 if not given; more are counted, and none is deleted.")
    long max = 1000;

    @Option(names = "--all", description = "With -r: allow an address without a key, which is the whole bucket.")
    boolean all;

    @Option(names = "--require-match", description = "Exit with 9 if there is nothing to delete.")
    boolean requireMatch;

    Rm(Session session) {
        super("rm", session);
    }

    @Override
    public Integer call() {
        if (max < 0) {
            throw CommandFailure.usage("--max is " + max, null);
        }
        List<Address.Remote> targets = addresses.stream()
                .map(text -> recursive
                        ? folder(session().address(text).remote(name()))
                        : session().address(text).object(name()))
                .toList();
        if (!dryRun && !yes && !asks()) {
            throw CommandFailure.usage("there is no terminal to ask on", "say --yes if it shall be deleted");
        }
        Attempts attempts = new Attempts(this);
        for (Address.Remote target : targets) {
            if (targets.size() == 1) {
                remove(target);
                return Exit.DONE;
            }
            attempts.run(target.text(), () -> remove(target));
        }
        return attempts.finish();
    }

    private Address.Remote folder(Address.Remote address) {
        if (address.key().isEmpty() && !all) {
            throw CommandFailure.usage(address.text() + " is the whole bucket", "say --all if that is meant");
        }
        return address.withKey(address.folder());
    }

    /** Somebody sees the question and can answer. */
    private boolean asks() {
        return screen().tty().in() && screen().tty().err() && !json;
    }

    private void remove(Address.Remote target) {
        ObjectStore store = session().open(target, StoreOptions.DEFAULT);
        if (recursive) {
            removeBelow(store, target);
        } else {
            removeOne(store, target);
        }
    }

    private void removeOne(ObjectStore store, Address.Remote target) {
        if (dryRun || !yes || requireMatch) {
            ObjectInfo info = store.find(target.key()).orElse(null);
            if (info == null) {
                String message = "there is no object " + target.text();
                throw requireMatch ? CommandFailure.noMatch(message) : CommandFailure.fileAbsent(message, null);
            }
            if (dryRun) {
                would(info.key(), info.size());
                return;
            }
            if (!yes
                    && !confirmed("delete %s, %s of %s?"
                            .formatted(
                                    Printable.of(target.text()),
                                    Units.bytes(info.size()),
                                    Ls.time(info.lastModified())))) {
                return;
            }
        }
        store.delete(target.key());
        gone(target.key());
    }

    private void removeBelow(ObjectStore store, Address.Remote target) {
        long count = 0;
        long bytes = 0;
        for (ListEntry entry : store.list(target.key())) {
            count++;
            bytes += entry.size();
            if (count > max && !dryRun) {
                throw CommandFailure.limit(
                        "there are more than %s objects below %s; nothing was deleted"
                                .formatted(Units.count(max), target.text()),
                        "raise --max if that is meant");
            }
            if (dryRun) {
                would(entry.key(), entry.size());
            }
        }
        if (count == 0) {
            String message = "there is no object below " + target.text();
            if (requireMatch) {
                throw CommandFailure.noMatch(message);
            }
            tell(Printable.of(message));
            return;
        }
        String what = "%s, %s".formatted(Units.count(count, "object", "objects"), Units.bytes(bytes));
        if (dryRun) {
            tell("would delete " + what + (count > max ? ", which is more than --max " + max : ""));
            return;
        }
        if (yes || confirmed("delete %s below %s?".formatted(what, Printable.of(target.text())))) {
            deleteBelow(store, target.key(), count);
            tell("deleted " + what);
        }
    }

    /** Not more than were counted, although others may have written since. */
    private void deleteBelow(ObjectStore store, String prefix, long count) {
        long left = count;
        List<String> keys = new ArrayList<>(BATCH);
        for (ListEntry entry : store.list(prefix)) {
            if (left-- == 0) {
                break;
            }
            keys.add(entry.key());
            if (keys.size() == BATCH) {
                delete(store, keys);
                keys.clear();
            }
        }
        if (!keys.isEmpty()) {
            delete(store, keys);
        }
    }

    private void delete(ObjectStore store, List<String> keys) {
        try {
            store.deleteAll(keys);
            keys.forEach(this::gone);
        } catch (Incomplete e) {
            keys.stream().filter(key -> !e.failures().containsKey(key)).forEach(this::gone);
            if (json) {
                e.failures().forEach((key, failure) -> Complaint.of(failure, session())
                        .tellOf(key, this));
            }
            throw e;
        }
    }

    private void would(String key, long size) {
        if (json) {
            out().line(json(key).put("size", size).put("dryRun", true).end());
        } else {
            out().line("would delete " + out().shown(key));
        }
    }

    private void gone(String key) {
        if (json) {
            out().line(json(key).end());
        }
    }

    private boolean confirmed(String question) {
        screen().question(question + " [y/N] ");
        String answer = answer().toLowerCase(Locale.ROOT);
        if (answer.equals("y") || answer.equals("yes")) {
            return true;
        }
        screen().line("nothing was deleted");
        return false;
    }

    private String answer() {
        StringBuilder answer = new StringBuilder();
        try {
            byte[] one = new byte[1];
            while (answer.length() < LONGEST_ANSWER && session().in().read(one) == 1 && one[0] != '\n') {
                answer.append(new String(one, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            // Whoever can't answer has not agreed.
            return "";
        }
        return answer.toString().trim();
    }
}
