package dev.anystore.s3;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The backend with the generic profile on S3Proxy, which every machine that has a JVM can run. */
class S3ProxyBackendTest extends S3BackendContract {
    private @Nullable S3ProxyServer proxy;

    @BeforeAll
    void start(@TempDir Path folder) {
        proxy = S3ProxyServer.start(folder);
    }

    @AfterAll
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
    }

    @Override
    TestServer server() {
        return new TestServer(Objects.requireNonNull(proxy).endpoint(), "generic", null);
    }

    /** It leaves out the blank behind the semicolon. */
    @Override
    String contentType() {
        return "text/plain;charset=utf-8";
    }

    /** It answers 501 to {@code part-number-marker}, and lists all parts at once. */
    @Override
    boolean pagesParts() {
        return false;
    }

    /** It lists no parts of an aborted upload instead of refusing, and deletes from a bucket that is not there. */
    @Override
    boolean noticesWhatIsGone() {
        return false;
    }

    /** Its folder keeps keys as paths of files. */
    @Override
    List<String> refusedKeys() {
        return List.of("/leading");
    }

    /** Paths that mean the same to it, and a folder, whose bytes it drops. */
    @Override
    List<String> lostKeys() {
        return List.of("a//b", "./dot", "a/../b", "trailing/");
    }
}
