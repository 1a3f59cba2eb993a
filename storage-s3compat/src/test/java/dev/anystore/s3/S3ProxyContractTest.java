package dev.anystore.s3;

import dev.anystore.testkit.Deviation;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The contract with the generic profile on S3Proxy over a folder: the one that runs on every machine. */
class S3ProxyContractTest extends StorageContract {
    private static final String PATHS = "S3Proxy makes a path of the key";

    @TempDir
    static Path folder;

    @Override
    protected StorageHarness harness() throws Exception {
        S3ProxyServer proxy = S3ProxyServer.start(Files.createDirectories(folder.resolve("s3proxy")));
        return new S3Harness(new TestServer(proxy.endpoint(), "generic", null), deviations(), 0, proxy);
    }

    private static List<Deviation> deviations() {
        List<Deviation> all = new ArrayList<>();
        for (String key : List.of(
                "dot",
                "dot dot",
                "dot segment",
                "dot dot segment",
                "dot dot at the end",
                "dot dot at the beginning",
                "leading slash",
                "only a slash",
                "two leading slashes",
                "double slash",
                "trailing slash",
                "two trailing slashes",
                "segment of 255 bytes",
                "segment of 256 bytes",
                "1024 bytes",
                "1024 bytes in segments",
                "1024 bytes of emoji")) {
            all.add(new Deviation("anOddKeyIsKeptOrRefused[" + key + "]", PATHS));
        }
        all.add(new Deviation("keysThatLookAlikeAreDifferentObjects[a ~ a/ ~ /a ~ ./a ~ a/.]", PATHS));
        all.add(new Deviation("keysThatLookAlikeAreDifferentObjects[a/b ~ a//b ~ a/./b]", PATHS));
        all.add(new Deviation("anObjectMayBeBesideWhatLiesBelowIt", "a file can't be a folder too"));
        // It runs on the JVM of the test, whose file system decides: seen on 17, and no more on 25.
        if (Runtime.version().feature() < 25) {
            all.add(new Deviation("whatIsAbsentIsNotFoundByAnyName[a/b/c]", "it answers 500 below a file"));
        }
        all.add(new Deviation("aContentTypeKeepsItsParameters[text/plain;charset=UTF-8]", "it lowers the letters"));
        all.add(new Deviation("whatIsAbsentIsNotFoundByAnyName[a/b/]", "it finds the file a/b under a/b/"));
        all.add(new Deviation("aListingIsInTheOrderOfUtf8", "it sorts by UTF-16"));
        all.add(new Deviation("aContentTypeKeepsItsParameters[text/html; charset=utf-8]", "it leaves out the blank"));
        return all;
    }
}
