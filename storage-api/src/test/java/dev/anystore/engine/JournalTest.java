package dev.anystore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final String NAME = "0123456789abcdef0123456789abcdef";
    private static final List<JournalLine> LINES = List.of(
            new JournalLine("v", "1"),
            new JournalLine("key", "a b%\n\u0001\u00fc\ud83d\ude00 *1a2b3c4d"),
            new JournalLine("part", "1 100 0a0b0c0d tag"),
            new JournalLine("empty", ""));

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit before each test
    private Path folder;

    private Path journals() {
        return folder.resolve("state/transfers");
    }

    private static byte[] encoded(List<JournalLine> lines) {
        byte[] all = new byte[0];
        for (JournalLine line : lines) {
            byte[] one = line.encoded();
            all = Arrays.copyOf(all, all.length + one.length);
            System.arraycopy(one, 0, all, all.length - one.length, one.length);
        }
        return all;
    }

    @Test
    void aLineIsItsNameItsValueAndTheirDigest() {
        assertThat(new String(new JournalLine("size", "42").encoded(), StandardCharsets.UTF_8))
                .isEqualTo("size=42 *5d0421d6\n");
    }

    @Test
    void aJournalThatWasCutAnywhereGivesItsWholeLinesAndGoesOnBehindThem() throws Exception {
        byte[] whole = encoded(LINES);
        Files.createDirectories(journals());
        Files.setPosixFilePermissions(journals(), PosixFilePermissions.fromString("rwx------"));
        Path file = journals().resolve(NAME + ".journal");
        for (int cut = 0; cut <= whole.length; cut++) {
            Files.write(file, Arrays.copyOf(whole, cut));
            List<JournalLine> kept = new ArrayList<>();
            for (int i = 0, end = 0; i < LINES.size(); i++) {
                end += LINES.get(i).encoded().length;
                if (end <= cut) {
                    kept.add(LINES.get(i));
                }
            }
            JournalLine next = new JournalLine("part", "2 7 - x");
            try (Journal journal = new JournalFolder(journals()).open(NAME, "upload")) {
                assertThat(journal.lines()).as("cut after %d bytes", cut).isEqualTo(kept);
                journal.note(next);
            }
            kept.add(next);
            try (Journal journal = new JournalFolder(journals()).open(NAME, "upload")) {
                assertThat(journal.lines()).as("and gone on with").isEqualTo(kept);
            }
        }
    }

    @Test
    void aByteThatTheDiskChangedEndsTheJournalBeforeItsLine() {
        byte[] whole = encoded(LINES);
        int first = LINES.get(0).encoded().length;
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 4;
            List<JournalLine> read = JournalLine.read(damaged).lines();
            assertThat(LINES.subList(0, read.size())).as("byte %d", i).isEqualTo(read);
            assertThat(read).hasSizeLessThan(LINES.size());
            assertThat(read.isEmpty()).isEqualTo(i < first);
        }
    }

    @Test
    void nobodyElseMayReadOrWriteIt() throws Exception {
        try (Journal journal = new JournalFolder(journals()).open(NAME, "upload")) {
            journal.begin(LINES);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(journals())))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(journals().resolve(NAME + ".journal"))))
                    .isEqualTo("rw-------");
        }
        Files.setPosixFilePermissions(journals(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> new JournalFolder(journals()).open(NAME, "upload"))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOCAL_IO))
                .hasMessageContaining("chmod 700");
    }

    @Test
    void aLinkInItsPlaceIsNotFollowed() throws Exception {
        Files.createDirectories(journals());
        Files.setPosixFilePermissions(journals(), PosixFilePermissions.fromString("rwx------"));
        Path precious = Files.writeString(folder.resolve("precious"), "stays");
        Files.createSymbolicLink(journals().resolve(NAME + ".journal"), precious);
        assertThatThrownBy(() -> new JournalFolder(journals()).open(NAME, "upload"))
                .isInstanceOf(StorageException.class);
        assertThat(precious).hasContent("stays");
    }

    @Test
    void aTransferRunsOnceInOneProcess() {
        JournalFolder journals = new JournalFolder(journals());
        try (Journal first = journals.open(NAME, "upload")) {
            first.begin(LINES);
            assertThatThrownBy(() -> new JournalFolder(journals()).open(NAME, "upload"))
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFLICT))
                    .hasMessageContaining(
                            "already running, pid " + ProcessHandle.current().pid());
        }
        journals.open(NAME, "upload").remove();
        assertThat(journals.names()).isEmpty();
    }

    @Test
    void aTransferRunsOnceInAllProcessesAndGoesOnWhenTheOtherIsKilled() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Holder.class.getName(),
                        journals().toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("held");
            JournalFolder journals = new JournalFolder(journals());
            for (int i = 0; i < 2; i++) {
                // Twice: what refused the first must not have lost the other's lock.
                assertThatThrownBy(() -> journals.open(NAME, "upload"))
                        .hasMessageContaining("already running, pid " + child.pid());
            }
            child.toHandle().destroyForcibly();
            assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
            try (Journal journal = journals.open(NAME, "upload")) {
                assertThat(journal.lines()).contains(new JournalLine("part", "1 1 - a"));
            }
        } finally {
            child.destroyForcibly();
        }
    }

    /** Holds a journal until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            Journal journal = new JournalFolder(Path.of(arguments[0])).open(NAME, "upload");
            journal.begin(List.of(new JournalLine("v", "1"), JournalNotes.pid()));
            journal.note(new JournalLine("part", "1 1 - a"));
            System.out.println("held");
            System.out.flush();
            System.in.read();
        }
    }

    /** A disk with room for so many bytes; what does not fit is written as far as it fits. */
    private static final class SmallDisk implements Journal.Disk {
        private long left;

        private SmallDisk(long room) {
            left = room;
        }

        @Override
        public void write(RandomAccessFile file, byte[] bytes) throws IOException {
            int fits = (int) Math.min(left, bytes.length);
            file.write(bytes, 0, fits);
            left -= fits;
            if (fits < bytes.length) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void force(RandomAccessFile file) {
            // Nothing is cached on it.
        }
    }

    @Test
    void aFullDiskRefusesTheIntentAndForgetsPartsButNeverBreaksTheLinesBefore() throws Exception {
        byte[] intent = encoded(LINES.subList(0, 2));
        for (int room = 0; room <= encoded(LINES).length; room++) {
            JournalFolder journals = new JournalFolder(journals(), new SmallDisk(room));
            try (Journal journal = journals.open(NAME, "upload")) {
                if (room < intent.length) {
                    assertThatThrownBy(() -> journal.begin(LINES.subList(0, 2)))
                            .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.kind())
                                    .isEqualTo(Kind.QUOTA));
                    assertThatThrownBy(() -> journal.require(LINES.get(2))).isInstanceOf(StorageException.class);
                    continue;
                }
                journal.begin(LINES.subList(0, 2));
                journal.note(LINES.get(2));
                journal.note(LINES.get(3));
            }
            try (Journal journal = new JournalFolder(journals()).open(NAME, "upload")) {
                assertThat(journal.lines()).hasSizeGreaterThanOrEqualTo(2);
                assertThat(LINES.subList(0, journal.lines().size())).isEqualTo(journal.lines());
            }
        }
    }

    @Test
    void anInterruptHarmsNoJournal() {
        Thread.currentThread().interrupt();
        try (Journal journal = new JournalFolder(journals()).open(NAME, "upload")) {
            journal.begin(LINES);
            journal.note(LINES.get(2));
        }
        assertThat(Thread.interrupted()).isTrue();
        try (Journal journal = new JournalFolder(journals()).open(NAME, "upload")) {
            assertThat(journal.lines()).hasSize(LINES.size() + 1);
        }
    }
}
