package dev.anystore.testkit;

import static dev.anystore.testkit.StoreUnderTest.assertKind;
import static dev.anystore.testkit.StoreUnderTest.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.GetOptions;
import dev.anystore.ObjectInfo;
import dev.anystore.ObjectNotFound;
import dev.anystore.PreconditionFailed;
import dev.anystore.PutOptions;
import dev.anystore.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Between files and the store. A target file is what it was, or whole. */
interface FileSentences extends Sentences {
    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(it().folder())) {
            return files.sorted().toList();
        }
    }

    @Test
    default void aFileGoesUpAndComesDownWhole() throws Exception {
        Path from = it().folder().resolve("from");
        Path to = it().folder().resolve("to");
        for (int size : new int[] {0, 1, it().largeBytes()}) {
            Files.write(from, random(size, size));
            ObjectInfo up = store().upload(from, "k", it().inParts());
            assertThat(up.size()).isEqualTo(size);
            ObjectInfo down = store().download("k", to, GetOptions.DEFAULT);
            assertThat(down.size()).isEqualTo(size);
            assertThat(down.revision()).isEqualTo(up.revision());
            assertThat(to).hasBinaryContent(random(size, size));
            assertThat(files()).as("nothing beside them").containsExactly(from, to);
        }
    }

    @Test
    default void aDownloadThatFailsLeavesTheOldFile() throws Exception {
        Path to = Files.writeString(it().folder().resolve("to"), "old");
        assertThatThrownBy(() -> store().download("absent", to, GetOptions.DEFAULT))
                .isInstanceOf(ObjectNotFound.class);
        ObjectInfo first = it().put("k", "first");
        it().put("k", "second");
        assertThatThrownBy(() -> store().download("k", to, GetOptions.DEFAULT.ifRevision(first.revision())))
                .isInstanceOf(PreconditionFailed.class);
        assertThat(to).hasContent("old");
        assertThat(files()).containsExactly(to);
    }

    @Test
    default void aDownloadNeedsAFolderThatIsThereAndATargetThatIsAFile() throws Exception {
        it().put("k", "x");
        Path folder = Files.createDirectory(it().folder().resolve("folder"));
        assertKind(
                Kind.LOCAL_IO, () -> store().download("k", it().folder().resolve("no/such/file"), GetOptions.DEFAULT));
        assertThatThrownBy(() -> store().download("k", folder, GetOptions.DEFAULT))
                .isInstanceOf(dev.anystore.StorageException.class);
        assertThat(files()).containsExactly(folder);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    default void aFileThatIsAbsentOrNoFileIsNotUploaded() throws Exception {
        Path folder = Files.createDirectory(it().folder().resolve("folder"));
        for (Path file : List.of(it().folder().resolve("absent"), folder)) {
            assertKind(Kind.LOCAL_IO, () -> store().upload(file, "k", PutOptions.DEFAULT));
        }
        assertThat(it().keys("")).isEmpty();
    }

    @Test
    default void aDownloadReplacesAFileThatWasThere() throws Exception {
        Path to = Files.write(it().folder().resolve("to"), random(100_000, 1));
        it().put("k", "short");
        store().download("k", to, GetOptions.DEFAULT);
        assertThat(to).hasContent("short");
    }
}
