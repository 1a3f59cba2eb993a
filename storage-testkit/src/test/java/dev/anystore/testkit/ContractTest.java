package dev.anystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anystore.ObjectStore;
import dev.anystore.StorageException;
import dev.anystore.testkit.example.Sabotage;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A contract that nothing breaks is worth nothing: each fault is noticed by the sentences that are there for it. */
class ContractTest {
    private static final Map<Sabotage.Fault, List<String>> NOTICED_BY = new EnumMap<>(Sabotage.Fault.class);

    static {
        NOTICED_BY.put(
                Sabotage.Fault.IGNORES_IF_ABSENT,
                List.of("aSecondCreateIsRefusedAndTheFirstObjectStays", "ofSixteenCreatorsOneWins"));
        NOTICED_BY.put(Sabotage.Fault.DECLARES_WHAT_IT_CANNOT, List.of("onlyTheExpectedRevisionIsReplaced"));
        NOTICED_BY.put(Sabotage.Fault.FOLDS_CASE, List.of("keysThatLookAlikeAreDifferentObjects"));
        NOTICED_BY.put(
                Sabotage.Fault.NORMALISES_UNICODE,
                List.of("keysThatLookAlikeAreDifferentObjects", "anOddKeyIsKeptOrRefused"));
        NOTICED_BY.put(
                Sabotage.Fault.COLLAPSES_SLASHES,
                List.of("keysThatLookAlikeAreDifferentObjects", "anOddKeyIsKeptOrRefused"));
        NOTICED_BY.put(Sabotage.Fault.LISTS_IN_ORDER_OF_CHARS, List.of("aListingIsInTheOrderOfUtf8"));
        NOTICED_BY.put(
                Sabotage.Fault.LOSES_THE_LAST_OF_A_PAGE,
                List.of("pagesOfOneShowEachKeyOnce", "moreKeysThanOnePageHoldsAreAllListed"));
        NOTICED_BY.put(
                Sabotage.Fault.LOSES_METADATA,
                List.of("aValueOfMetadataComesBackAsItWent", "manyMetadataComeBackSorted"));
        NOTICED_BY.put(
                Sabotage.Fault.LOSES_CONTENT_TYPE,
                List.of("theHeadersOfAnObjectComeBackAsTheyWent", "aCopyHasTheBytesAndAllThatWasBesideThem"));
        NOTICED_BY.put(
                Sabotage.Fault.GIVES_ONE_REVISION_TO_ALL, List.of("aSecondPutReplacesTheFirstWithAllThatWasBesideIt"));
        NOTICED_BY.put(Sabotage.Fault.IGNORES_SUFFIX_RANGES, List.of("aRangeIsExactlyTheBytesAskedFor"));
        NOTICED_BY.put(
                Sabotage.Fault.CUTS_EMPTY_RANGES,
                List.of("aRangeThatBeginsAtTheEndIsNotSatisfiable", "anEmptyObjectHasNoRange"));
        NOTICED_BY.put(Sabotage.Fault.FAILS_TO_DELETE_THE_ABSENT, List.of("deletingWhatIsAbsentSucceeds"));
        NOTICED_BY.put(Sabotage.Fault.DELETES_ONLY_THE_FIRST, List.of("moreKeysThanOneBatchTakesAreAllDeleted"));
        NOTICED_BY.put(Sabotage.Fault.LEAVES_A_THREAD, List.of("anEmptyStoreListsNothing"));
    }

    @Test
    void everyFaultIsNoticedByTheSentencesThatAreThereForIt(@TempDir Path folder) throws Exception {
        for (Map.Entry<Sabotage.Fault, List<String>> entry : NOTICED_BY.entrySet()) {
            for (String sentence : entry.getValue()) {
                assertThat(holds(entry.getKey(), sentence, folder))
                        .as("%s although the store %s", sentence, entry.getKey())
                        .isFalse();
                assertThat(holds(Sabotage.Fault.NONE, sentence, folder))
                        .as("%s of a store without fault", sentence)
                        .isTrue();
            }
        }
        int noFaultAndTheOneBelow = 2;
        assertThat(NOTICED_BY)
                .as("every fault has its sentence")
                .hasSize(Sabotage.Fault.values().length - noFaultAndTheOneBelow);
    }

    /** The engine compares what it asked for with what came, so here a broken store harms nobody. */
    @Test
    void aRevisionThatTheStoreIgnoresIsHeldByTheEngine(@TempDir Path folder) throws Exception {
        for (String sentence : List.of("onlyTheExpectedRevisionIsRead", "aDownloadThatFailsLeavesTheOldFile")) {
            assertThat(holds(Sabotage.Fault.IGNORES_IF_REVISION_OF_A_GET, sentence, folder))
                    .as(sentence)
                    .isTrue();
        }
    }

    private static boolean holds(Sabotage.Fault fault, String sentence, Path folder) throws Exception {
        List<Sabotage> opened = new ArrayList<>();
        StorageContract contract = new StorageContract() {
            @Override
            protected StorageHarness harness() {
                return options -> {
                    Sabotage sabotage = new Sabotage(fault);
                    opened.add(sabotage);
                    return ObjectStore.of(sabotage, options);
                };
            }
        };
        Method method = StorageContract.class.getMethod(sentence);
        contract.openHarness();
        try {
            return holds(contract, method, Files.createTempDirectory(folder, "sentence"));
        } finally {
            opened.forEach(Sabotage::release);
            contract.closeHarness();
        }
    }

    private static boolean holds(StorageContract contract, Method sentence, Path folder) throws Exception {
        contract.openStore(folder, new Named(sentence));
        boolean holds = true;
        try {
            sentence.invoke(contract);
        } catch (InvocationTargetException e) {
            assertThat(e.getCause()).isInstanceOfAny(AssertionError.class, StorageException.class, IOException.class);
            holds = false;
        }
        try {
            contract.closeStore();
        } catch (AssertionError leak) {
            holds = false;
        }
        return holds;
    }

    /** What JUnit would say of the sentence. */
    private record Named(Method sentence) implements TestInfo {
        @Override
        public String getDisplayName() {
            return sentence.getName();
        }

        @Override
        public Set<String> getTags() {
            return Set.of();
        }

        @Override
        public Optional<Class<?>> getTestClass() {
            return Optional.of(sentence.getDeclaringClass());
        }

        @Override
        public Optional<Method> getTestMethod() {
            return Optional.of(sentence);
        }
    }
}
