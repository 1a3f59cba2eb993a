package dev.anystore.memory;

import dev.anystore.Capability;
import dev.anystore.Limits;
import dev.anystore.ObjectStore;
import dev.anystore.testkit.StorageContract;
import dev.anystore.testkit.StorageHarness;

/** A store that honours conditions on a single put only, as some services do. */
class MemorySingleConditionContractTest extends StorageContract {
    @Override
    protected StorageHarness harness() {
        return options -> ObjectStore.of(
                MemoryStore.builder()
                        .without(
                                Capability.COMPLETE_IF_ABSENT,
                                Capability.COMPLETE_IF_REVISION,
                                Capability.COPY_IF_ABSENT,
                                Capability.COPY_IF_REVISION,
                                Capability.STREAMING_PUT)
                        .limits(Limits.builder()
                                .singlePutBytes(20 << 10)
                                .partBytes(5 << 10, 20 << 10)
                                .build())
                        .backend(),
                options);
    }
}
