package dev.anystore.gcs;

import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;
import dev.anystore.testkit.gcs.GcsServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The contract as against the service: with tokens, by the XML API. */
class XmlContractTest extends StorageContract {
    @TempDir
    static Path folder;

    @Override
    protected StorageHarness harness() throws Exception {
        GcsServer server = GcsServer.start();
        Path credentials = server.writeCredentials(folder.resolve("account.json"));
        return new GcsHarness(
                Map.of(
                        "endpoint-url",
                        server.endpoint().toString(),
                        "credentials",
                        credentials.toString(),
                        "project",
                        "example"),
                server);
    }
}
