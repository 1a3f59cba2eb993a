package dev.anystore.s3;

import dev.anystore.testkit.Deviation;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** The contract on MinIO in a container, for who has Docker and no Go: {@code mvn -Pcontainers -pl storage-s3compat -am test}. */
@Tag("containers")
class MinioContractContainerTest extends StorageContract {
    private static final DockerImageName IMAGE = DockerImageName.parse("minio/minio:RELEASE.2025-09-07T16-13-09Z");
    private static final int PORT = 9000;

    @Override
    @SuppressWarnings("resource") // the harness stops it
    protected StorageHarness harness() {
        GenericContainer<?> minio = new GenericContainer<>(IMAGE)
                .withEnv("MINIO_ROOT_USER", TestServer.ID)
                .withEnv("MINIO_ROOT_PASSWORD", TestServer.SECRET)
                .withEnv("MINIO_BROWSER", "off")
                .withCommand("server", "/data")
                .withExposedPorts(PORT)
                .waitingFor(Wait.forHttp("/minio/health/ready").forPort(PORT));
        minio.start();
        URI endpoint = URI.create("http://" + minio.getHost() + ":" + minio.getMappedPort(PORT));
        return new S3Harness(
                new TestServer(endpoint, "minio", null),
                List.of(new Deviation(
                        "anObjectMayBeBesideWhatLiesBelowIt",
                        "MinIO keeps and reads an object a beside a/b, but lists only one of them")),
                40,
                minio::stop);
    }
}
