package dev.anystore.cli;

import dev.anystore.Checksum;
import dev.anystore.ObjectInfo;
import dev.anystore.StoreOptions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells what is known of objects. */
@Command(
        name = "stat",
        header = "Show what is known of objects.",
        description = {"", "One request for each.", ""},
        footer = {"", "  anystore stat r2:models/v1/model.pt", "  anystore stat --json :model.pt | jq -r .revision"},
        sortOptions = false)
final class Stat extends Verb {
    @Parameters(arity = "1..*", paramLabel = "ADDRESS", description = "The objects.")
    List<String> addresses = List.of();

    Stat(Session session) {
        super("stat", session);
    }

    @Override
    public Integer call() {
        List<Address.Remote> objects = addresses.stream()
                .map(text -> session().address(text).object(name()))
                .toList();
        boolean first = true;
        for (Address.Remote object : objects) {
            ObjectInfo info = session().open(object, StoreOptions.DEFAULT).head(object.key());
            if (json) {
                out().line(line(info));
                continue;
            }
            if (!first) {
                out().line("");
            }
            first = false;
            show(info);
        }
        return Exit.DONE;
    }

    private String line(ObjectInfo info) {
        Map<String, String> checksums = new TreeMap<>();
        info.checksums().forEach(checksum -> checksums.put(label(checksum), checksum.hex()));
        return json(info.key())
                .put("size", info.size())
                .put("modified", info.lastModified())
                .put("etag", info.eTag().orElse(null))
                .put("revision", info.revision().isEmpty() ? null : info.revision())
                .put("version", info.versionId().orElse(null))
                .put("type", info.contentType().orElse(null))
                .put("encoding", info.contentEncoding().orElse(null))
                .put("disposition", info.contentDisposition().orElse(null))
                .put("cacheControl", info.cacheControl().orElse(null))
                .put("class", info.storageClass().orElse(null))
                .put("checksums", checksums)
                .put("metadata", info.metadata())
                .end();
    }

    private static String label(Checksum checksum) {
        return checksum.algorithm().name().toLowerCase(Locale.ROOT);
    }

    private void show(ObjectInfo info) {
        row("key", info.key());
        row(
                "size",
                info.size() < 1024
                        ? info.size() + " B"
                        : "%s (%s bytes)".formatted(Units.bytes(info.size()), Units.count(info.size())));
        row("modified", Ls.time(info.lastModified()));
        row("type", info.contentType());
        row("encoding", info.contentEncoding());
        row("disposition", info.contentDisposition());
        row("cache control", info.cacheControl());
        row("class", info.storageClass());
        row("etag", info.eTag());
        if (!info.revision().equals(info.eTag().orElse(""))) {
            row("revision", info.revision());
        }
        row("version", info.versionId());
        info.checksums().forEach(checksum -> row(label(checksum), checksum.hex()));
        info.metadata().forEach((name, value) -> row("metadata", name + ": " + value));
    }

    private void row(String label, Optional<String> value) {
        value.ifPresent(text -> row(label, text));
    }

    private void row(String label, String value) {
        out().line("%-14s %s".formatted(label, out().shown(value)));
    }
}
