package dev.anystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.ObjectStore;
import dev.anystore.StoreOptions;
import dev.anystore.spi.Call;
import dev.anystore.spi.Multipart;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every store keeps, whoever provides it. The author of a provider extends this class, says in {@link #harness()} how a
 * store is opened, and runs it with JUnit. Every sentence gets a store of its own; when it ends, the store is closed, and
 * uploads left open, threads of the library and open files fail it.
 *
 * <p>What a store can't do by its declared capabilities is asserted as refused. What a server does wrong is named by the
 * harness, one {@link Deviation} a row, and asserted as wrong. Nothing is skipped.
 */
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(DeviationRows.class)
public abstract class StorageContract
        implements RoundTripSentences,
                RangeSentences,
                ListingSentences,
                DeleteSentences,
                ConditionSentences,
                KeySentences,
                MetadataSentences,
                CopySentences,
                FileSentences,
                TreeSentences,
                TransferSentences,
                LinkSentences,
                CapabilitySentences,
                ReaderSentences,
                WriterSentences,
                ViewSentences,
                ClosingSentences {
    private @Nullable StorageHarness harness;
    private @Nullable StoreUnderTest current;
    private @Nullable Census census;

    /** For subclasses. */
    protected StorageContract() {}

    /** How stores are opened; called once for the class. */
    protected abstract StorageHarness harness() throws Exception;

    @BeforeAll
    final void openHarness() throws Exception {
        Census.settle();
        harness = harness();
    }

    @AfterAll
    final void closeHarness() throws Exception {
        if (harness != null) {
            harness.close();
        }
    }

    @BeforeEach
    final void openStore(@TempDir Path folder, TestInfo test) {
        StorageHarness opener = Objects.requireNonNull(harness);
        census = new Census();
        ObjectStore store = opener.open(StoreOptions.DEFAULT);
        String sentence = test.getTestMethod().map(Method::getName).orElse("");
        current = new StoreUnderTest(store, opener, folder, sentence);
    }

    @AfterEach
    final void closeStore() throws Exception {
        StoreUnderTest tested = Objects.requireNonNull(current);
        List<String> leaks = new ArrayList<>();
        try (ObjectStore store = tested.store()) {
            List<String> open = openUploads(store);
            if (tested.harness().revivesUploads() != null && !open.isEmpty()) {
                open = openUploads(store);
            }
            leaks.addAll(open);
        }
        leaks.addAll(Objects.requireNonNull(census).leaks());
        assertThat(leaks).as("what the sentence left behind").isEmpty();
    }

    /** What is open, which it aborts. */
    private static List<String> openUploads(ObjectStore store) {
        Multipart uploads = store.unwrap(Multipart.class).orElse(null);
        List<String> open = new ArrayList<>();
        if (uploads == null) {
            return open;
        }
        try {
            for (Multipart.Begun begun :
                    uploads.uploads("", null, Call.unbounded()).uploads()) {
                open.add("upload of " + begun.upload().key());
                uploads.abort(begun.upload(), Call.unbounded());
            }
        } catch (dev.anystore.StorageException e) {
            // A sentence may have closed its store; another one would see no more of it.
            if (e.kind() != dev.anystore.StorageException.Kind.CLOSED) {
                throw e;
            }
        }
        return open;
    }

    @Override
    public final StoreUnderTest it() {
        return Objects.requireNonNull(current, "no sentence runs");
    }

    /** A deviation that names no sentence would be believed for ever. */
    @Test
    final void everyDeviationNamesASentence() {
        Set<String> sentences = Arrays.stream(StorageContract.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(Method::getName)
                .collect(Collectors.toSet());
        for (Deviation deviation : it().deviations()) {
            assertThat(sentences).contains(deviation.row().replaceFirst("\\[.*", ""));
            assertThat(deviation.reason()).isNotBlank();
        }
    }
}
