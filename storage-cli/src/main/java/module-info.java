/** The command {@code anystore}. */
module dev.anystore.cli {
    requires static org.jspecify;
    requires com.fasterxml.jackson.core;
    requires dev.anystore;
    requires info.picocli;

    // Options and parameters are fields that picocli fills.
    opens dev.anystore.cli to
            info.picocli;
}
