package dev.anystore.gcs;

import com.google.auth.Credentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.ServiceOptions;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.HttpException;
import dev.anystore.spi.Call;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Google's own client over our transport, made when it is first used. It does not retry: the pipeline above a backend does, and
 * one layer of retries is enough.
 */
final class GoogleClient implements AutoCloseable {
    private static final int MAX_CAUSES = 12;

    private final GcsClient client;
    private final Storage storage;
    private final GoogleTransport transport;

    private GoogleClient(GcsClient client, Storage storage, GoogleTransport transport) {
        this.client = client;
        this.storage = storage;
        this.transport = transport;
    }

    static GoogleClient open(GcsClient client, Call call) {
        GcsConfig config = client.config();
        // The endpoint was checked with the settings: what may be plain http is.
        GoogleTransport transport = new GoogleTransport(client.transport(), client.transport(), null, true);
        Credentials credentials =
                client.tokens().credentials(call) instanceof Credentials found ? found : NoCredentials.getInstance();
        // Without a project of ours it would ask the environment, and then the metadata service, by other means than
        // our transport.
        String project = config.project() == null ? "unset" : config.project();
        StorageOptions options = StorageOptions.http()
                .setProjectId(project)
                .setHost(config.endpoint().toString())
                .setCredentials(credentials)
                .setRetrySettings(ServiceOptions.getNoRetrySettings())
                .setTransportOptions(HttpTransportOptions.newBuilder()
                        .setHttpTransportFactory(() -> transport)
                        .build())
                .build();
        return new GoogleClient(client, options.getService(), transport);
    }

    /** Has the client do something; its exceptions become ours. */
    <T> T ask(Call call, boolean changes, Function<Storage, T> work) {
        client.tokens().get(call); // within the call, and with our words if there is none
        GcsRequest about = GcsRequest.json(changes ? "PATCH" : "GET", null, "/storage/v1/b/" + client.bucket());
        try {
            return transport.during(call, () -> work.apply(storage));
        } catch (StorageException e) {
            throw translated(e, about);
        }
    }

    private dev.anystore.StorageException translated(StorageException e, GcsRequest about) {
        HttpException way = wayThere(e);
        if (way != null) {
            return client.errors().of((IOException) way, about);
        }
        if (e.getCode() < 300) {
            return dev.anystore.StorageException.builder(Kind.PROTOCOL)
                    .message("Google's client could not read the answer")
                    .cause(e)
                    .build();
        }
        String reason = e.getReason() == null ? "" : e.getReason();
        String message = e.getMessage() == null ? "" : e.getMessage();
        return client.errors().of(new ErrorAnswer(e.getCode(), reason, message, null, -1, null, false), about);
    }

    private static @Nullable HttpException wayThere(Throwable e) {
        Throwable cause = e;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            if (cause instanceof HttpException http) {
                return http;
            }
            cause = cause.getCause();
        }
        return null;
    }

    @Override
    public void close() {
        try {
            storage.close();
        } catch (Exception e) {
            throw new IllegalStateException("nothing to close could fail", e);
        }
    }
}
