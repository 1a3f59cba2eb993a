package dev.anystore.spi;

import java.util.List;

/**
 * The door of a provider, found by {@link java.util.ServiceLoader}. Tiny: it names no type of a vendor's library in its
 * fields, signatures or static blocks, so that listing providers loads none of them.
 */
public interface StorageProvider {
    /** Its id, such as {@code r2}: lower case, unique. */
    String id();

    /** Other values of {@code STORAGE_PROVIDER} that mean it. */
    List<String> aliases();

    /** Its name for people. */
    String displayName();

    /** Schemes of URIs that lead to it. */
    List<String> uriSchemes();

    /** Its settings, each declared once; the settings common to all are in {@link CommonSettings}. */
    List<Setting> settings();

    /**
     * Checks the settings together and derives where they lead, without I/O.
     *
     * @throws dev.anystore.InvalidConfiguration with all problems at once, if something is missing or does not fit
     */
    Destination describe(ProviderSettings settings);

    /** Opens a store, without network I/O. The settings have been through {@link #describe} already. */
    StorageBackend open(ProviderSettings settings);
}
