package dev.anystore.cli;

import dev.anystore.spi.CommonSettings;
import dev.anystore.spi.Setting;
import dev.anystore.spi.StorageProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Renders the reference page of settings from their declarations, so that the page can't say anything else. */
final class SettingsPage {
    private static final List<String> ORDER =
            List.of("local", "s3", "r2", "wasabi", "spaces", "b2", "b2-s3", "gcs", "azure", "memory");

    private static final String INTRODUCTION = """
            # Settings

            Generated from the declarations of the providers: change those, then run
            `mvn -pl storage-cli -am test -Dtest=SettingsPageTest -Dsurefire.failIfNoSpecifiedTests=false -Danystore.docs.write=true`.

            ## Which provider

            The first of these that says something decides:

            1. `StorageConfig.setDefaultProvider("r2")`
            2. the system property `anystore.provider`
            3. the variable `STORAGE_PROVIDER`: an id or another name of a provider, in any case
            4. `USE_R2_STORAGE=true` or `USE_S3_STORAGE=true`; `false` bars that provider from the steps below
            5. `b2`, if it is complete; if others are too, a line of level WARN names them
            6. the one other provider that is complete; several are an error that lists them
            7. if one is begun but not complete, an error that names what is missing
            8. nothing is set at all: the local folder `./storage-data`, and a line of level WARN with its absolute path

            A provider takes part from step 5 on only if one of the settings is set that are named below its table; `local`
            and `memory` never do. A provider that is configured while its module is not on the class path is an error that
            names the artifact to add. `b2` without its module is reached by its S3 endpoint (`b2-s3`) where
            `B2_REGION` or the endpoint is set; a line of level INFO says so.

            ## Where a value comes from

            What the caller gives (a map, a file of properties, a builder, a URI), then the system property
            `anystore.<provider>.<setting>`, then the variables in the order in which they stand here, then the default.
            Settings of a map, a file or a URI come from there alone; a builder reads the variables that it is given.

            - Empty is unset. Names and URLs are trimmed.
            - Two variables of one setting with different values are an error that names both. With
              `STORAGE_ENV_LENIENT=true` the first wins, and a line of level WARN says so.
            - An id and its secret come from one family of variables, such as `R2_ACCESS_KEY` with `R2_SECRET_KEY`.
            - For a secret, and for the id beside it, `<VARIABLE>_FILE` names a file that holds the value (UTF-8, at most
              64 KiB, one line end at its end is removed).
            - Sizes are digits or `8MiB`; durations are `20s`, `500ms`, `5m`, `2h`, `7d` or `PT20S`; switches are `true`, `yes`,
              `on`, `1` or `false`, `no`, `off`, `0` in any case. A URL without a scheme means https.
            - In a URI (`r2://bucket/prefix?account_id=…`, `local:///folder`) the prefix names a folder, and secrets are refused.
            """;

    private SettingsPage() {}

    static String render(List<? extends StorageProvider> providers) {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        page.append("\n## Every provider\n\n");
        table(page, CommonSettings.ALL);
        page.append("\nTheir system property is `anystore.<provider>.<setting>`, or `anystore.<setting>` for all.\n");
        List<StorageProvider> sorted = new ArrayList<>(providers);
        sorted.sort(Comparator.comparingInt((StorageProvider provider) -> rank(provider.id()))
                .thenComparing(StorageProvider::id));
        for (StorageProvider provider : sorted) {
            page.append("\n## ")
                    .append(provider.displayName())
                    .append(": `")
                    .append(provider.id())
                    .append("`\n\n");
            if (!provider.aliases().isEmpty()) {
                page.append("Other names: ")
                        .append(code(provider.aliases(), ", "))
                        .append(".\n\n");
            }
            table(page, provider.settings());
            List<String> begins = provider.settings().stream()
                    .filter(Setting::begins)
                    .map(Setting::name)
                    .toList();
            if (!begins.isEmpty()) {
                page.append("\nTakes part in the automatic choice by ")
                        .append(code(begins, ", "))
                        .append(".\n");
            }
        }
        return page.toString();
    }

    private static int rank(String id) {
        int index = ORDER.indexOf(id);
        return index < 0 ? ORDER.size() : index;
    }

    private static void table(StringBuilder page, List<Setting> settings) {
        page.append("| Setting | Variables | In maps and URIs | Value | Default | Meaning |\n");
        page.append("|---|---|---|---|---|---|\n");
        for (Setting setting : settings) {
            String variables =
                    setting.variables().stream().map(SettingsPage::variable).collect(Collectors.joining("<br>"));
            List<String> names = new ArrayList<>(setting.mapNames());
            String plain = setting.name().replace('-', '_');
            if (!names.contains(plain)) {
                names.add(plain);
            }
            String fallback = setting.defaultValue();
            page.append("| `%s` | %s | %s | %s | %s | %s |\n"
                    .formatted(
                            setting.name(),
                            variables,
                            code(names, "<br>"),
                            value(setting),
                            fallback == null ? "" : "`" + fallback + "`",
                            setting.sentence().replace("|", "\\|")));
        }
    }

    private static String variable(Setting.Variable variable) {
        String note = variable.negated() ? " (the opposite)" : "";
        note += variable.yieldsTo() == null ? "" : " (unless `" + variable.yieldsTo() + "` is set)";
        return "`" + variable.name() + "`" + note;
    }

    private static String value(Setting setting) {
        if (!setting.choices().isEmpty()) {
            return code(setting.choices(), ", ");
        }
        String type =
                switch (setting.type()) {
                    case TEXT -> "text";
                    case SECRET -> "secret";
                    case URI -> "URL";
                    case BOOLEAN -> "switch";
                    case NUMBER -> "number";
                    case BYTES -> "size";
                    case DURATION -> "duration";
                    case PATH -> "path";
                };
        boolean bounded = setting.type() == Setting.Type.NUMBER && setting.maximum() < Long.MAX_VALUE;
        return bounded ? String.format(Locale.ROOT, "%s, %d to %d", type, setting.minimum(), setting.maximum()) : type;
    }

    private static String code(List<String> names, String between) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(between));
    }
}
