package dev.anystore;

import dev.anystore.spi.Attributes;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a presigned answer says. Immutable; {@link #DEFAULT} leaves it as it is stored. */
public final class LinkOptions {
    /** As it is stored. */
    public static final LinkOptions DEFAULT = new LinkOptions(null, null, null);

    private final @Nullable String contentType;
    private final @Nullable String contentDisposition;
    private final @Nullable String version;

    private LinkOptions(@Nullable String contentType, @Nullable String contentDisposition, @Nullable String version) {
        this.contentType = contentType;
        this.contentDisposition = contentDisposition;
        this.version = version;
    }

    /** The same with another media type in the answer. */
    public LinkOptions withContentType(@Nullable String value) {
        return new LinkOptions(MetadataRules.headerValue("contentType", value), contentDisposition, version);
    }

    /** The same with another content disposition; {@code attachment} keeps browsers from showing what users stored. */
    public LinkOptions withContentDisposition(@Nullable String value) {
        return new LinkOptions(contentType, MetadataRules.headerValue("contentDisposition", value), version);
    }

    /** The same of one version. */
    public LinkOptions withVersion(@Nullable String value) {
        return new LinkOptions(contentType, contentDisposition, value);
    }

    /** The version, if one was set. */
    public Optional<String> version() {
        return Optional.ofNullable(version);
    }

    Attributes attributes() {
        return new Attributes(contentType, null, contentDisposition, null, null, Map.of());
    }
}
