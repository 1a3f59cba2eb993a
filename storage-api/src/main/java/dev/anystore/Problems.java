package dev.anystore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns problems into the one exception that tells all of them. */
final class Problems {
    private Problems() {}

    static InvalidConfiguration of(@Nullable String provider, List<String> problems) {
        return (InvalidConfiguration) StorageException.builder(StorageException.Kind.CONFIGURATION)
                .operation("configure")
                .provider(provider)
                .message(String.join("; ", problems))
                .problems(problems)
                .build();
    }

    static InvalidConfiguration of(@Nullable String provider, String problem) {
        return of(provider, List.of(problem));
    }
}
