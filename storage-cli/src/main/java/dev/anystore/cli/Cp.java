package dev.anystore.cli;

import java.nio.file.Files;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies objects and files, in any direction. */
@Command(
        name = "cp",
        header = "Copy files and objects, in parallel parts, verified.",
        description = {
            "",
            "From files to a store, from a store to files, between stores. A file is replaced only when the new one is",
            "whole and verified. A target that ends in a slash, or is a folder, keeps the name of the source. With -r",
            "what is in a folder is copied, and a key is its prefix and the path below the folder; links are left out.",
            ""
        },
        footer = {
            "",
            "  anystore cp model.pt r2:models/v1/",
            "  anystore cp r2:models/v1/model.pt .",
            "  anystore cp -r ./site r2:www/          what is in ./site",
            "  anystore cp -r s3://old/data/ r2:data/",
            "  pg_dump db | anystore cp - :backup/db.sql"
        },
        sortOptions = false)
final class Cp extends Verb {
    @Parameters(
            arity = "2..*",
            paramLabel = "SOURCE... TARGET",
            hideParamSyntax = true,
            description = "Addresses; the last one is the target.")
    List<String> addresses = List.of();

    @Option(
            names = {"-r", "--recursive"},
            description = "Everything in a folder, or below a prefix.")
    boolean recursive;

    @Option(names = "--require-match", description = "With -r: exit with 9 if there is nothing to copy.")
    boolean requireMatch;

    @Mixin
    CopySettings settings = new CopySettings();

    Cp(Session session) {
        super("cp", session);
    }

    @Override
    public Integer call() {
        List<Address> sources = addresses.subList(0, addresses.size() - 1).stream()
                .map(session()::address)
                .toList();
        Address target = session().address(addresses.get(addresses.size() - 1));
        if (sources.size() > 1 && !isFolder(target)) {
            throw CommandFailure.usage(
                    "several sources need a folder as target, and " + Printable.of(target.text()) + " is none",
                    "end it in a slash");
        }
        if (sources.size() == 1) {
            one(sources.get(0), target);
            return Exit.DONE;
        }
        Attempts attempts = new Attempts(this);
        for (Address source : sources) {
            attempts.run(source.text(), () -> one(source, target));
        }
        return attempts.finish();
    }

    private static boolean isFolder(Address address) {
        if (address instanceof Address.Remote remote) {
            return remote.folder().equals(remote.key());
        }
        return address instanceof Address.Local local && Files.isDirectory(local.path());
    }

    private void one(Address source, Address target) {
        Transfers transfers = new Transfers(this, settings);
        if (recursive && isTree(source)) {
            new TreeTransfers(this, transfers, settings, requireMatch).run(source, target);
        } else if (source instanceof Address.Local from && target instanceof Address.Remote to) {
            transfers.upload(from, to);
        } else if (source instanceof Address.Standard && target instanceof Address.Remote to) {
            transfers.put(session().in(), named(to));
        } else if (source instanceof Address.Remote from && target instanceof Address.Remote to) {
            transfers.copy(object(from), to);
        } else if (source instanceof Address.Remote from && target instanceof Address.Local to) {
            transfers.download(object(from), to);
        } else if (source instanceof Address.Remote from) {
            transfers.cat(object(from));
        } else {
            throw CommandFailure.usage(
                    "neither " + Printable.of(source.text()) + " nor " + Printable.of(target.text()) + " is in a store",
                    "write :key for an object of the default provider");
        }
    }

    /** With {@code -r} a single file is a file all the same; every key is a prefix. */
    private static boolean isTree(Address source) {
        return source instanceof Address.Remote
                || (source instanceof Address.Local local
                        && Transfers.attributes(local.path()).isDirectory());
    }

    private static Address.Remote object(Address.Remote from) {
        if (from.key().isEmpty() || from.key().endsWith("/")) {
            throw CommandFailure.usage(
                    Printable.of(from.text()) + " names a folder", "add -r to copy what is in it, or name the object");
        }
        return from;
    }

    private static Address.Remote named(Address.Remote to) {
        if (to.key().isEmpty() || to.key().endsWith("/")) {
            throw CommandFailure.usage(
                    "standard input has no name", "name the key: " + Printable.of(to.text()) + "NAME");
        }
        return to;
    }
}
