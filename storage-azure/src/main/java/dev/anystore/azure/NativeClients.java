package dev.anystore.azure;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.BlobServiceVersion;
import com.azure.storage.common.StorageSharedKeyCredential;
import dev.anystore.http.HttpTransport;
import dev.anystore.spi.Call;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Azure's own client of the container, for what this library has no verb for: leases, tiers of single blobs, undeletion. It
 * sends through the store's transport, and ends with the store. Its retries are its own.
 */
final class NativeClients {
    private final AzureConfig config;
    private final HttpTransport transport;
    private final Access access;

    NativeClients(AzureConfig config, HttpTransport transport, Access access) {
        this.config = config;
        this.transport = transport;
        this.access = access;
    }

    /** The client if its class is asked for, else null. By name: whoever asks for something else loads nothing of Azure's. */
    <T> @Nullable T find(Class<T> power) {
        return power.getName().equals("com.azure.storage.blob.BlobContainerClient")
                ? power.cast(Builder.build(config, transport, access))
                : null;
    }

    /** In a class of its own, which is loaded with Azure's library. */
    private static final class Builder {
        static BlobContainerClient build(AzureConfig config, HttpTransport transport, Access access) {
            BlobContainerClientBuilder builder = new BlobContainerClientBuilder()
                    .endpoint(config.origin() + config.basePath())
                    .containerName(config.container())
                    .httpClient(new SdkTransport(transport));
            version(config, builder);
            if (access instanceof Access.SharedKey shared) {
                builder.credential(new StorageSharedKeyCredential(
                        shared.account(), shared.key().reveal()));
            } else if (access instanceof Access.Signature signature) {
                builder.sasToken(signature.sas().query().reveal());
            } else if (access instanceof Access.Directory directory) {
                builder.credential(credential(directory));
            }
            return builder.buildClient();
        }

        /** One that the library does not know yet leaves it to its own. */
        private static void version(AzureConfig config, BlobContainerClientBuilder builder) {
            for (BlobServiceVersion version : BlobServiceVersion.values()) {
                if (version.getVersion().equals(config.serviceVersion())) {
                    builder.serviceVersion(version);
                }
            }
        }

        private static TokenCredential credential(Access.Directory directory) {
            return request -> Mono.fromCallable(() -> new AccessToken(
                    directory.tokens().token(Call.unbounded()).reveal(),
                    // Ours is renewed in time; asked for again every minute, it is the one of then.
                    OffsetDateTime.now(ZoneOffset.UTC).plusMinutes(1)));
        }
    }
}
