package dev.anystore.b2;

import com.backblaze.b2.client.B2ClientConfig;
import com.backblaze.b2.client.B2RetryPolicy;
import com.backblaze.b2.client.B2StorageClient;
import com.backblaze.b2.client.B2StorageClientImpl;
import com.backblaze.b2.client.B2StorageClientWebifierImpl;
import com.backblaze.b2.client.contentHandlers.B2ContentSink;
import com.backblaze.b2.client.contentSources.B2Headers;
import com.backblaze.b2.client.exceptions.B2Exception;
import com.backblaze.b2.client.exceptions.B2NetworkException;
import com.backblaze.b2.client.webApiClients.B2WebApiClient;
import dev.anystore.StorageException;
import dev.anystore.spi.Call;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The SDK's own client, for what this library has no verb for, over the store's transport. It never waits and tries again but
 * once, at once, where a token's time is over: whoever uses it decides about more. Closing it closes nothing.
 */
final class NativeClient {
    private NativeClient() {}

    static B2StorageClient of(B2Client client) {
        B2Config config = client.config();
        B2ClientConfig sdk = B2ClientConfig.builder(config.keyId(), config.key().reveal(), "anystore")
                .setMasterUrl(config.api().toString())
                .setTestModeOrNull(config.testMode())
                .build();
        return new B2StorageClientImpl(
                new B2StorageClientWebifierImpl(
                        new Translating(new B2WebApi(client, Call.unbounded())),
                        "anystore",
                        config.api().toString(),
                        config.testMode()),
                sdk,
                Once::new);
    }

    /** One try, and one more with a new token. */
    private static final class Once implements B2RetryPolicy {
        @Override
        public @Nullable Integer gotRetryableAfterDelay(
                String operation, int attempts, long tookMillis, B2Exception why) {
            return null;
        }

        @Override
        public boolean gotRetryableImmediately(String operation, int attempts, long tookMillis, B2Exception why) {
            return attempts < 2;
        }
    }

    /** Failures as the SDK's users know them. */
    private record Translating(B2WebApi api) implements B2WebApiClient {
        private interface Work<T> {
            T run() throws B2Exception;
        }

        private static <T> T translated(Work<T> work) throws B2Exception {
            try {
                return work.run();
            } catch (StorageException e) {
                Refusal refusal = Refusal.of(e);
                if (refusal == null) {
                    throw new B2NetworkException("anystore", null, e.getMessage(), e);
                }
                Integer wait = refusal.retryAfter() == null
                        ? null
                        : (int) refusal.retryAfter().toSeconds();
                throw B2Exception.create(refusal.code(), refusal.status(), wait, e.getMessage());
            }
        }

        @Override
        public <R> R postJsonReturnJson(String url, @Nullable B2Headers headers, Object document, Class<R> type)
                throws B2Exception {
            return translated(() -> api.postJsonReturnJson(url, headers, document, type));
        }

        @Override
        public <R> R postDataReturnJson(
                String url, @Nullable B2Headers headers, InputStream content, long length, Class<R> type)
                throws B2Exception {
            return translated(() -> api.postDataReturnJson(url, headers, content, length, type));
        }

        @Override
        public void getContent(String url, @Nullable B2Headers headers, B2ContentSink sink) throws B2Exception {
            translated(() -> {
                api.getContent(url, headers, sink);
                return true;
            });
        }

        @Override
        public B2Headers head(String url, @Nullable B2Headers headers) throws B2Exception {
            return translated(() -> api.head(url, headers));
        }

        @Override
        public void close() {}
    }
}
