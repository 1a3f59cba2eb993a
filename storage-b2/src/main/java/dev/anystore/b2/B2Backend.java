package dev.anystore.b2;

import com.backblaze.b2.client.B2StorageClient;
import com.backblaze.b2.client.structures.B2FileVersion;
import com.backblaze.b2.client.structures.B2GetUploadUrlRequest;
import com.backblaze.b2.client.structures.B2UploadUrlResponse;
import dev.anystore.Capabilities;
import dev.anystore.Capability;
import dev.anystore.Limits;
import dev.anystore.ListPage;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.Verification;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.ProxySettings;
import dev.anystore.http.TransportOptions;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.spi.CommonSettings;
import dev.anystore.spi.DeleteRequest;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.GetResponse;
import dev.anystore.spi.ListRequest;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.Presigner;
import dev.anystore.spi.ProviderSettings;
import dev.anystore.spi.PutRequest;
import dev.anystore.spi.Reachability;
import dev.anystore.spi.ServerCopy;
import dev.anystore.spi.Versions;
import dev.anystore.spi.WriteCondition;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The verbs of one bucket. */
final class B2Backend implements PoweredBackend {
    /** Sizes of parts and files: https://www.backblaze.com/docs/cloud-storage-large-files */
    private static final long MIN_PART_BYTES = 5_000_000;

    private static final long MAX_PART_BYTES = 5_000_000_000L;
    private static final long MAX_OBJECT_BYTES = 10_000_000_000_000L;

    /**
     * No conditions: the service has none. No parts sent twice: nothing says which of two that arrive at once counts. No links
     * for writing: an upload URL is for one client, for a day, and for any name.
     */
    private static final Capabilities CAPABILITIES = Capabilities.of(
            Set.of(
                    Capability.MULTIPART,
                    Capability.SERVER_COPY,
                    Capability.PRESIGN_GET,
                    Capability.VERSIONS,
                    Capability.BUCKET_ADMIN,
                    Capability.ENCRYPTION_SERVICE_KEY,
                    Capability.ENCRYPTION_CUSTOMER_KEY),
            Limits.builder()
                    .objectBytes(MAX_OBJECT_BYTES)
                    .ifAbsentBytes(0)
                    .singlePutBytes(MAX_PART_BYTES)
                    .partBytes(MIN_PART_BYTES, MAX_PART_BYTES)
                    .partCount(10_000)
                    .deleteBatch(1)
                    .listPage(10_000)
                    .usualListPage(1_000)
                    .singleCopyBytes(MAX_PART_BYTES)
                    .metadataBytes(FileInfos.MAX_BYTES)
                    .build());

    private final B2Client client;
    private final Uploads uploads;
    private final Downloads downloads;
    private final Listings listings;
    private final B2Multipart multipart;
    private final UploadUrls urls;
    private final Capabilities capabilities;

    private B2Backend(B2Client client, int connections) {
        this.client = client;
        this.uploads = new Uploads(client);
        this.downloads = new Downloads(client);
        this.listings = new Listings(client);
        this.urls = new UploadUrls(connections);
        this.multipart = new B2Multipart(client, uploads, connections);
        // Whoever has a link would need the key too.
        this.capabilities =
                client.config().customerKey() == null ? CAPABILITIES : CAPABILITIES.without(Capability.PRESIGN_GET);
    }

    /** Opens a store, without network I/O. */
    static B2Backend open(B2Config config, ProviderSettings settings) {
        return new B2Backend(
                new B2Client(config, new HttpTransport(transportOptions(settings))),
                settings.number(CommonSettings.STORE_CONNECTIONS));
    }

    private static TransportOptions transportOptions(ProviderSettings settings) {
        TransportOptions options = TransportOptions.DEFAULT
                .withMaxConnections(settings.number(CommonSettings.STORE_CONNECTIONS))
                .withNameTimeout(settings.duration(CommonSettings.CONNECT_TIMEOUT))
                .withConnectTimeout(settings.duration(CommonSettings.CONNECT_TIMEOUT))
                .withTlsTimeout(settings.duration(CommonSettings.CONNECT_TIMEOUT))
                .withAnswerTimeout(settings.duration(CommonSettings.ANSWER_TIMEOUT))
                .withStallLimit(settings.duration(CommonSettings.STALL_TIMEOUT), 1024)
                .withResolver(Hosts::resolve);
        Path bundle = settings.findPath(CommonSettings.CA_BUNDLE);
        if (bundle != null) {
            options = options.withCaBundle(bundle);
        }
        String proxy = settings.find(CommonSettings.PROXY);
        return options.withProxy(
                proxy != null ? ProxySettings.of(proxy) : ProxySettings.fromEnvironment(settings.environment()));
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    /** One request where an upload URL waits, else two. What replaces a file stays beside it as its newest version. */
    @Override
    public ObjectInfo put(PutRequest request, Call call) {
        requireUnconditional(request.condition());
        Map<String, String> info = FileInfos.of(request.key(), request.attributes());
        client.authorizations().checkName(request.key(), call);
        Uploads.Sent<B2FileVersion> sent = uploads.send(request.payload(), new WholeFile(request, info), call);
        B2FileVersion file = sent.answer();
        Uploads.requireSame(sent, request.payload().length(), file.getContentSha1(), file.getContentLength());
        return FileInfos.read(file)
                .key(request.key())
                .addChecksum(sent.sha1())
                .verification(Verification.WHOLE)
                .build();
    }

    /** A file in one request. */
    private final class WholeFile implements Uploads.Target<B2FileVersion> {
        private final PutRequest put;
        private final Map<String, String> info;

        WholeFile(PutRequest put, Map<String, String> info) {
            this.put = put;
            this.info = info;
        }

        @Override
        public String operation() {
            return "b2_upload_file";
        }

        @Override
        public String key() {
            return put.key();
        }

        @Override
        public UploadUrls urls() {
            return urls;
        }

        @Override
        public UploadUrls.Url newUrl(Call call) {
            String bucket = client.authorizations().bucketId(call);
            B2UploadUrlResponse answer = client.ask(
                    call,
                    (api, account) -> api.getUploadUrl(
                            account, B2GetUploadUrlRequest.builder(bucket).build()));
            return Uploads.url(answer.getUploadUrl(), answer.getAuthorizationToken(), client.config());
        }

        @Override
        public void describe(B2Request request) {
            request.header("X-Bz-File-Name", Percent.encode(put.key()))
                    .header("Content-Type", FileInfos.type(put.attributes()));
            info.entrySet().forEach(Uploads.writingInfo(request));
            CustomerKey key = client.config().customerKey();
            if (key != null) {
                key.write(request);
            } else if (client.config().encrypts()) {
                request.header("X-Bz-Server-Side-Encryption", "AES256");
            }
        }

        @Override
        public Class<B2FileVersion> answer() {
            return B2FileVersion.class;
        }
    }

    /** The engine asks for none, since none is declared; who asks past it must not be answered with a success. */
    static void requireUnconditional(WriteCondition condition) {
        if (!(condition instanceof WriteCondition.Always)) {
            throw StorageException.builder(Kind.UNSUPPORTED)
                    .capability(
                            condition instanceof WriteCondition.IfAbsent
                                    ? Capability.PUT_IF_ABSENT
                                    : Capability.PUT_IF_REVISION)
                    .message("B2 has no conditional writes")
                    .build();
        }
    }

    @Override
    public GetResponse get(GetRequest request, Call call) {
        return downloads.get(request, call);
    }

    @Override
    public ListPage list(ListRequest request, Call call) {
        return listings.list(request, call);
    }

    /** One request each. Without a version a file is hidden: all its versions stay, and cost, until they are deleted one by one. */
    @Override
    public Map<DeleteRequest.Target, StorageException> delete(DeleteRequest request, Call call) {
        return new Deletes(client).delete(request, call);
    }

    @Override
    public <T> @Nullable T extension(Class<T> power) {
        if (power == Multipart.class) {
            return power.cast(multipart);
        }
        if (power == ServerCopy.class) {
            return power.cast(new B2Copies(client, downloads));
        }
        if (power == Presigner.class) {
            return capabilities.has(Capability.PRESIGN_GET) ? power.cast(new B2Links(client)) : null;
        }
        if (power == Versions.class) {
            return power.cast(new B2Versions(client));
        }
        if (power == BucketAdmin.class) {
            return power.cast(new B2Buckets(client));
        }
        if (power == Reachability.class) {
            return power.cast(new B2Reachability(client));
        }
        if (power == B2StorageClient.class) {
            return power.cast(NativeClient.of(client));
        }
        return null;
    }

    @Override
    public void close() {
        client.close();
    }
}
