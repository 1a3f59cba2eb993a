package com.example.invoices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.anystore.InvalidConfiguration;
import dev.anystore.ObjectNotFound;
import dev.anystore.ObjectStore;
import dev.anystore.StorageRegistry;
import dev.anystore.memory.MemoryStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InvoicesTest {
    private ObjectStore store;
    private Invoices invoices;

    @BeforeEach
    void open() {
        store = MemoryStore.open();
        invoices = new Invoices(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void anInvoiceIsIssuedOnceAndTheFirstOneStays() {
        assertTrue(invoices.issue("2026-1", "first"));
        assertFalse(invoices.issue("2026-1", "second"));
        assertEquals("first", invoices.read("2026-1"));
        assertEquals("text/plain", store.head("invoices/2026-1").contentType().orElseThrow());
    }

    @Test
    void anAbsentInvoiceIsNotFound() {
        assertThrows(ObjectNotFound.class, () -> invoices.read("2026-1"));
    }

    @Test
    void invoicesOfOneYearAreListedAlone() {
        invoices.issue("2025-9", "old");
        invoices.issue("2026-1", "new");
        invoices.issue("2026-2", "newer");
        assertEquals(List.of("2026-1", "2026-2"), invoices.ofYear(2026));
    }

    @Test
    void eachTestHasAStoreOfItsOwn() {
        assertEquals(List.of(), invoices.ofYear(2026));
    }

    /** What a container injects: a registry of a map, and nothing of the process. */
    @Test
    void theRegistryOfAMapOpensTheStoreThatTheMapNames() {
        StorageRegistry registry =
                StorageRegistry.of(Map.of("STORAGE_PROVIDER", "memory", "MEMORY_BUCKET", "invoices-test"));
        assertEquals("memory", registry.getDefault().providerId());
        try (ObjectStore named = registry.getDefault().open();
                ObjectStore again = registry.getDefault().open()) {
            assertTrue(new Invoices(named).issue("2026-1", "text"));
            assertEquals("text", new Invoices(again).read("2026-1"));
        }
    }

    @Test
    void aProviderThatIsNotOnTheClassPathIsNamedWithItsArtifact() {
        StorageRegistry registry = StorageRegistry.of(Map.of("STORAGE_PROVIDER", "s3", "S3_BUCKET", "invoices"));
        InvalidConfiguration refusal = assertThrows(InvalidConfiguration.class, registry::getDefault);
        assertTrue(refusal.getMessage().contains("storage-s3compat"), refusal.getMessage());
    }
}
