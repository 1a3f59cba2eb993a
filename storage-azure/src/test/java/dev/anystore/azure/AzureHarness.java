package dev.anystore.azure;

import dev.anystore.ListEntry;
import dev.anystore.ListOptions;
import dev.anystore.ObjectStore;
import dev.anystore.StorageConfig;
import dev.anystore.StorageException;
import dev.anystore.StoreOptions;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.testkit.Deviation;
import dev.anystore.testkit.StorageHarness;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Containers on a test server, each used by one sentence of the contract and removed at the end. */
final class AzureHarness implements StorageHarness {
    private final TestServer server;
    private final List<Deviation> deviations;
    private final int randomKeys;
    private final AutoCloseable behind;
    private Predicate<String> randomKey = key -> true;
    private final List<String> containers = new ArrayList<>();

    /**
     * A harness.
     *
     * @param behind what was started for it
     */
    AzureHarness(TestServer server, List<Deviation> deviations, int randomKeys, AutoCloseable behind) {
        this.server = server;
        this.deviations = deviations;
        this.randomKeys = randomKeys;
        this.behind = behind;
    }

    /** On a server that somebody else stops. */
    static AzureHarness on(TestServer server, Deviation... deviations) {
        return new AzureHarness(server, List.of(deviations), 40, () -> {});
    }

    /** The same, with only those random keys that the server is known to keep. */
    AzureHarness tryingRandomKeys(Predicate<String> kept) {
        randomKey = kept;
        return this;
    }

    @Override
    public boolean triesRandomKey(String key) {
        return randomKey.test(key);
    }

    private StorageConfig config(String container) {
        StorageConfig.Builder builder = StorageConfig.builder("azure");
        server.settings(container).forEach(builder::set);
        return builder.build();
    }

    private static BucketAdmin admin(ObjectStore store) {
        return store.unwrap(BucketAdmin.class).orElseThrow();
    }

    @Override
    public ObjectStore open(StoreOptions options) {
        String container = TestServer.newContainerName();
        ObjectStore store = config(container).open(options);
        admin(store).create(Call.unbounded());
        containers.add(container);
        return store;
    }

    @Override
    public List<Deviation> deviations() {
        return deviations;
    }

    @Override
    public int randomKeys() {
        return randomKeys;
    }

    @Override
    public @Nullable SSLContext tls() {
        if (server.caBundle() == null) {
            return null;
        }
        try (InputStream in = Files.newInputStream(Path.of(server.caBundle()))) {
            Certificate authority = CertificateFactory.getInstance("X.509").generateCertificate(in);
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", authority);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (String container : containers) {
            try (ObjectStore store = config(container).open()) {
                empty(store);
                admin(store).delete(Call.unbounded());
            } catch (StorageException e) {
                // A server that can't delete what it took keeps it until its folder goes.
                System.out.println("container " + container + " stays: " + e.getMessage());
            }
        }
        try {
            behind.close();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static void empty(ObjectStore store) {
        List<String> keys =
                store.list("", ListOptions.DEFAULT).stream().map(ListEntry::key).toList();
        store.deleteAll(keys);
    }
}
