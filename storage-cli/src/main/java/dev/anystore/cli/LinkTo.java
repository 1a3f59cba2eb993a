package dev.anystore.cli;

import dev.anystore.Link;
import dev.anystore.StoreOptions;
import dev.anystore.spi.SettingValues;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a URL for somebody without credentials. */
@Command(
        name = "link",
        header = "Make a URL that works without credentials.",
        description = {
            "",
            "The public URL if one is configured, else a signed one. Whoever has a signed URL can read the object",
            "until it ends. It is not checked whether the object is there.",
            ""
        },
        footer = {"", "  anystore link r2:report.pdf", "  anystore link --expires 24h :report.pdf"},
        sortOptions = false)
final class LinkTo extends Verb {
    @Parameters(arity = "1", paramLabel = "ADDRESS", description = "The object.")
    String address = "";

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description = "How long it lives at most, up to 7d: 15m if not given.")
    String expires = "15m";

    LinkTo(Session session) {
        super("link", session);
    }

    @Override
    public Integer call() {
        Duration atMost;
        try {
            atMost = SettingValues.duration(expires);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--expires " + e.getMessage(), null);
        }
        Address.Remote object = session().address(address).object(name());
        Link link = session().open(object, StoreOptions.DEFAULT).link(object.key(), atMost);
        if (json) {
            JsonLine line = json(object.key()).put("url", link.uri().toString()).put("public", link.isPublic());
            link.expiresAt().ifPresent(instant -> line.put("expires", instant));
            out().line(line.end());
            return Exit.DONE;
        }
        out().line(link.uri().toString());
        link.expiresAt().ifPresent(instant -> tell(screen().dim("until " + Ls.time(instant))));
        return Exit.DONE;
    }
}
