package dev.anystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong in the first hour: one clear line each, an exit code, no secret, and the old file as it was. */
class BadInputTest {
    @TempDir
    Path folder;

    private String file = "";
    private Path target = Path.of("");

    @BeforeEach
    void aFileToSendAndAnOldOne() throws IOException {
        file = Files.writeString(folder.resolve("file"), "content").toString();
        target = Files.writeString(
                Files.createDirectory(folder.resolve("target")).resolve("old"), "old content");
    }

    private void nothingHasChanged() {
        assertThat(target).hasContent("old content");
        assertThat(target.getParent()).isDirectoryNotContaining("glob:**/.anystore*");
    }

    private Map<String, String> local() {
        return Map.of(
                "STORAGE_PROVIDER",
                "local",
                "LOCAL_STORAGE_PATH",
                folder.resolve("store").toString());
    }

    private static Map<String, String> with(Map<String, String> environment, String name, String value) {
        Map<String, String> changed = new HashMap<>(environment);
        changed.put(name, value);
        return changed;
    }

    @Test
    void aWrongSecretIsToldAsOne() throws IOException {
        try (ObjectServer server = ObjectServer.refusing(
                403, "SignatureDoesNotMatch", "The request signature we calculated does not match")) {
            assertThat(Ran.in(server.environment(), "cp", file, ":x").refused(Exit.RIGHTS))
                    .containsIgnoringCase("secret")
                    .contains("s3:x");
            assertThat(Ran.in(server.environment(), "cp", ":x", target.toString())
                            .refused(Exit.RIGHTS))
                    .contains("s3:x");
            assertThat(Ran.in(server.environment(), "ls").refused(Exit.RIGHTS)).contains("s3");
        }
        nothingHasChanged();
    }

    @Test
    void aWrongSecretIsToldOnceForManyFiles() throws IOException {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        for (int i = 0; i < 50; i++) {
            Files.writeString(tree.resolve("f" + i), "x");
        }
        try (ObjectServer server = ObjectServer.refusing(403, "SignatureDoesNotMatch", "no")) {
            Ran.in(server.environment(), "cp", "-r", tree.toString(), ":t").refused(Exit.RIGHTS);
        }
    }

    @Test
    void aMissingBucketIsNamed() throws IOException {
        try (ObjectServer server = ObjectServer.refusing(404, "NoSuchBucket", "The specified bucket does not exist")) {
            assertThat(Ran.in(server.environment(), "cp", file, ":x").refused(Exit.NO_BUCKET))
                    .contains("bucket", "example");
            assertThat(Ran.in(server.environment(), "ls").refused(Exit.NO_BUCKET))
                    .contains("example");
        }
        nothingHasChanged();
    }

    @Test
    void aRefusedPortIsNamed() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Map<String, String> environment = ObjectServer.environment(free);
        assertThat(Ran.in(environment, "ls").refused(Exit.TRY_AGAIN)).contains("refused", "127.0.0.1:" + free);
        assertThat(Ran.in(environment, "cp", ":x", target.toString()).refused(Exit.TRY_AGAIN))
                .contains("refused");
        nothingHasChanged();
    }

    @Test
    void anUnknownProviderIsToldWithAGuess() {
        Map<String, String> environment = Map.of("STORAGE_PROVIDER", "s33");
        assertThat(Ran.in(environment, "ls").refused(Exit.USAGE))
                .contains("s33", "did you mean s3?", "STORAGE_PROVIDER");
        assertThat(Ran.in(environment, "cp", file, "s33:x").refused(Exit.USAGE)).contains("./s33:x");
    }

    @Test
    void whatIsMissingOfAHalfConfiguredProviderIsNamed() {
        Map<String, String> environment = new HashMap<>(ObjectServer.environment(1));
        environment.remove("AWS_SECRET_ACCESS_KEY");
        assertThat(Ran.in(environment, "ls").refused(Exit.USAGE)).contains("AWS_SECRET_ACCESS_KEY");
        assertThat(Ran.in(Map.of("R2_BUCKET_NAME", "example"), "ls").refused(Exit.USAGE))
                .contains("R2_ACCOUNT_ID", "R2_ACCESS_KEY_ID");
    }

    @Test
    void aMissingFileAndAMissingObjectAreNamed() {
        String absent = folder.resolve("absent").toString();
        assertThat(Ran.in(local(), "cp", absent, ":x").refused(Exit.NOT_FOUND)).contains(absent);
        assertThat(Ran.in(local(), "cp", ":absent", target.toString()).refused(Exit.NOT_FOUND))
                .contains("absent");
        assertThat(Ran.in(local(), "cat", ":absent").refused(Exit.NOT_FOUND)).contains("absent");
        assertThat(Ran.in(local(), "stat", ":absent").refused(Exit.NOT_FOUND)).contains("absent");
        assertThat(Ran.in(local(), "ls").refused(Exit.NO_BUCKET)).contains("store");
        nothingHasChanged();
    }

    @Test
    void aKeyThatIsTooLongIsRefusedWithTheLimit() {
        String key = "k".repeat(1025);
        for (Map<String, String> environment : java.util.List.of(local(), Map.of("STORAGE_PROVIDER", "memory"))) {
            assertThat(Ran.in(environment, "cp", file, ":" + key).refused(Exit.USAGE))
                    .contains("1025", "1024");
        }
        Ran.in(local(), "cp", file, ":" + "k".repeat(1024)).well();
    }

    @Test
    void aFolderThatDoesNotExistIsNotMade() {
        Ran.in(local(), "cp", file, ":a").well();
        Path absent = folder.resolve("no-such-folder");
        for (String to : new String[] {absent + "/x", absent + "/"}) {
            assertThat(Ran.in(local(), "cp", ":a", to).refused(Exit.NO_BUCKET)).contains("no-such-folder", "mkdir -p");
        }
        assertThat(absent).doesNotExist();
    }

    @Test
    void aConnectionThatIsCutAgainAndAgainLeavesTheOldFile() throws IOException {
        try (ObjectServer server = ObjectServer.having(bytes(20 << 20));
                CuttingProxy proxy = new CuttingProxy(server.port(), 1_000_000, Integer.MAX_VALUE)) {
            assertThat(Ran.in(ObjectServer.environment(proxy.port()), "cp", ":big", target.toString())
                            .refused(Exit.TRY_AGAIN))
                    .contains("s3:big");
        }
        nothingHasChanged();
    }

    @Test
    void aConnectionThatIsCutOnceIsTakenUpWhereItBroke() throws IOException {
        byte[] object = bytes(20 << 20);
        try (ObjectServer server = ObjectServer.having(object);
                CuttingProxy proxy = new CuttingProxy(server.port(), 1_000_000, 1)) {
            Map<String, String> environment = with(ObjectServer.environment(proxy.port()), "STORAGE_ATTEMPTS", "5");
            Ran.in(environment, "cp", ":big", target.toString()).well();
            assertThat(target).hasBinaryContent(object);
            assertThat(proxy.cutsLeft()).isZero();
        }
        try (ObjectServer server = ObjectServer.having(object);
                CuttingProxy proxy = new CuttingProxy(server.port(), 1_000_000, 1)) {
            Map<String, String> environment = with(ObjectServer.environment(proxy.port()), "STORAGE_ATTEMPTS", "5");
            assertThat(Ran.in(environment, "cat", ":big").well().bytes()).isEqualTo(object);
        }
    }

    @Test
    void wrongArgumentsAreToldInOneLine() {
        assertThat(Ran.in(local(), "lss").refused(Exit.USAGE)).contains("lss", "ls");
        assertThat(Ran.in(local(), "ls", "--nope").refused(Exit.USAGE)).contains("--nope", "anystore ls --help");
        assertThat(Ran.in(local(), "cp", "one").refused(Exit.USAGE)).contains("TARGET");
        assertThat(Ran.in(local(), "cp", file, "other").refused(Exit.USAGE)).contains("in a store");
        assertThat(Ran.in(local(), "stat", file).refused(Exit.USAGE)).contains("path of this machine");
        assertThat(Ran.in(local(), "cat", ":").refused(Exit.USAGE)).contains("no key");
        assertThat(Ran.in(local(), "cp", "--part-size", "x", file, ":a").refused(Exit.USAGE))
                .contains("--part-size");
        assertThat(Ran.in(local(), "rm", "--max", "-1", "-r", ":a").refused(Exit.USAGE))
                .contains("--max");
        assertThat(Ran.in(local()).exit()).isEqualTo(Exit.USAGE);
    }

    @Test
    void detailsComeOnlyWhenAskedFor() throws IOException {
        try (ObjectServer server = ObjectServer.refusing(403, "AccessDenied", "no")) {
            Ran.in(server.environment(), "ls").refused(Exit.RIGHTS);
            Ran ran = Ran.in(server.environment(), "ls", "-v");
            assertThat(ran.err())
                    .contains("StorageException", "    at dev.anystore")
                    .doesNotContain("testsecret12345");
            assertThat(ran.err().lines().reduce((a, b) -> b).orElse("")).startsWith("anystore: ");
        }
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
