package dev.anystore;

import dev.anystore.engine.Engine;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Linker;
import dev.anystore.spi.Presigner;
import dev.anystore.spi.WriteCondition;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes URLs that somebody without credentials can use. */
final class Links {
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final String UNRESERVED = "-._~/";

    private final Engine engine;
    private final @Nullable URI publicBase;

    Links(Engine engine, @Nullable URI publicBase) {
        this.engine = engine;
        this.publicBase = publicBase;
    }

    Link link(String key, Duration atMost) {
        checkDuration(atMost, "link", key);
        Optional<URI> open = publicUri(key);
        if (open.isPresent()) {
            return Link.publicly(open.get());
        }
        if (engine.capabilities().has(Capability.PRESIGN_GET)) {
            return presignGet(key, atMost, LinkOptions.DEFAULT);
        }
        Linker linker = engine.power(Linker.class);
        URI uri = linker == null ? null : linker.link(key);
        if (uri == null) {
            throw unsupported(Capability.PRESIGN_GET, "link", key);
        }
        return Link.publicly(uri);
    }

    Optional<URI> publicUri(String key) {
        if (publicBase == null) {
            return Optional.empty();
        }
        String base = publicBase.toString();
        return Optional.of(URI.create((base.endsWith("/") ? base : base + "/") + encoded(key)));
    }

    Link presignGet(String key, Duration atMost, LinkOptions options) {
        String version = options.version().orElse(null);
        Presigner.Presign request =
                new Presigner.Presign("GET", key, version, atMost, options.attributes(), WriteCondition.ALWAYS);
        return presign(Capability.PRESIGN_GET, request);
    }

    Link presignPut(String key, Duration atMost, PutOptions options) {
        Attributes attributes = options.attributes();
        return presign(
                Capability.PRESIGN_PUT,
                new Presigner.Presign("PUT", key, null, atMost, attributes, options.condition()));
    }

    private Link presign(Capability capability, Presigner.Presign request) {
        checkDuration(request.atMost(), "presign", request.key());
        Presigner presigner = engine.capabilities().has(capability) ? engine.power(Presigner.class) : null;
        if (presigner == null) {
            throw unsupported(capability, "presign", request.key());
        }
        Presigner.Signed signed = engine.call("presign", request.key(), call -> presigner.presign(request, call));
        return Link.signed(signed.uri(), request.method(), signed.headers(), signed.expiresAt());
    }

    private void checkDuration(Duration atMost, String verb, String key) {
        if (atMost.compareTo(Duration.ofSeconds(1)) < 0 || atMost.compareTo(LONGEST) > 0) {
            throw engine.named(
                    StorageException.builder(StorageException.Kind.INVALID_ARGUMENT)
                            .message("a link lives from 1 second to 7 days, not " + atMost)
                            .build(),
                    verb,
                    key);
        }
    }

    private StorageException unsupported(Capability capability, String verb, String key) {
        return engine.named(
                StorageException.builder(StorageException.Kind.UNSUPPORTED)
                        .capability(capability)
                        .message("this store has no " + capability)
                        .fix(capability == Capability.PRESIGN_GET ? "configure a public URL for it" : null)
                        .build(),
                verb,
                key);
    }

    /** The key as a path, byte for byte: everything but unreserved characters and slashes is percent-encoded. */
    static String encoded(String key) {
        StringBuilder path = new StringBuilder(key.length() + 16);
        for (byte b : Keys.utf8(key)) {
            char c = (char) (b & 0xff);
            if ((c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || UNRESERVED.indexOf(c) >= 0) {
                path.append(c);
            } else {
                path.append('%').append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)));
                path.append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            }
        }
        return path.toString();
    }
}
