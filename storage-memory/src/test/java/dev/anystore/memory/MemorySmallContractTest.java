package dev.anystore.memory;

import dev.anystore.Limits;
import dev.anystore.ObjectStore;
import dev.anystore.StoreOptions;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;

/** A store whose limits are so low that everything large is reached with a few KiB, and that keeps versions. */
class MemorySmallContractTest extends StorageContract {
    private static final Limits SMALL = Limits.builder()
            .singlePutBytes(20 << 10)
            .partBytes(5 << 10, 20 << 10)
            .partAlignment(1 << 10)
            .partCount(40)
            .equalParts(true)
            .singleCopyBytes(30 << 10)
            .objectBytes(400 << 10)
            .ifAbsentBytes(400 << 10)
            .deleteBatch(3)
            .listPage(5)
            .metadataBytes(4 << 10)
            .build();

    @Override
    protected StorageHarness harness() {
        return new StorageHarness() {
            @Override
            public ObjectStore open(StoreOptions options) {
                return ObjectStore.of(
                        MemoryStore.builder().versioning(true).limits(SMALL).backend(), options);
            }

            @Override
            public int randomKeys() {
                return 500;
            }
        };
    }
}
