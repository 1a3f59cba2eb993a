package dev.anystore.cli;

import dev.anystore.InvalidConfiguration;
import dev.anystore.ProviderInfo;
import dev.anystore.StorageConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Shows which providers there are, and what each is missing. */
@Command(
        name = "providers",
        header = "Show which providers there are, and what each still needs.",
        description = {"", "Looks at the environment alone; nothing is requested.", ""},
        footer = {"", "  anystore providers", "  anystore providers --json | jq '.[] | select(.configured)'"},
        sortOptions = false)
final class Providers extends Verb {
    Providers(Session session) {
        super("providers", session);
    }

    @Override
    public Integer call() {
        List<ProviderInfo> providers = session().registry().listProviders();
        String chosen = defaultId();
        if (json) {
            out().line(JsonLine.array(
                    providers.stream().map(info -> line(info, chosen)).toList()));
            return Exit.DONE;
        }
        out().line("%-8s  %-26s  %-13s  %s".formatted("PROVIDER", "NAME", "STATE", "NEEDS"));
        for (ProviderInfo info : providers) {
            boolean isDefault = info.id().equals(chosen);
            out().line("%-8s  %-26s  %-13s  %s"
                    .formatted(
                            out().shown(info.id()),
                            out().shown(info.displayName()),
                            state(info, isDefault),
                            out().shown(needs(info)))
                    .stripTrailing());
        }
        if (chosen == null) {
            tell(why());
        }
        return Exit.DONE;
    }

    private static String state(ProviderInfo info, boolean isDefault) {
        if (isDefault) {
            return "default";
        }
        if (info.broken().isPresent()) {
            return "broken";
        }
        return !info.installed() && !info.configured() ? "not installed" : info.configured() ? "ready" : "not set up";
    }

    private static String needs(ProviderInfo info) {
        return info.configured() ? "" : String.join("; ", info.missing());
    }

    private static JsonLine line(ProviderInfo info, @Nullable String chosen) {
        return JsonLine.plain()
                .put("v", 1)
                .put("id", info.id())
                .put("name", info.displayName())
                .put("aliases", info.aliases())
                .put("installed", info.installed())
                .put("configured", info.configured())
                .put("default", info.id().equals(chosen))
                .put("recommended", info.recommended())
                .put("missing", info.missing())
                .put("broken", info.broken().map(Throwable::toString).orElse(null));
    }

    /** The one that {@code :key} leads to; null if the environment does not say. */
    private @Nullable String defaultId() {
        try {
            StorageConfig config = session().registry().getDefault();
            return config.providerId();
        } catch (InvalidConfiguration e) {
            return null;
        }
    }

    private String why() {
        try {
            session().registry().getDefault();
            return "";
        } catch (InvalidConfiguration e) {
            return "There is no default: " + Printable.of(e.reason());
        }
    }
}
