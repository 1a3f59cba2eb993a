package com.example.invoices;

import dev.anystore.Body;
import dev.anystore.ListEntry;
import dev.anystore.ObjectStore;
import dev.anystore.PreconditionFailed;
import dev.anystore.PutOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Invoices, each written once. */
public final class Invoices {
    private final ObjectStore store;

    /** In this store, which stays the caller's. */
    public Invoices(ObjectStore store) {
        this.store = store.withPrefix("invoices/");
    }

    /** Whether it was new. */
    public boolean issue(String number, String text) {
        Body body = Body.of(text.getBytes(StandardCharsets.UTF_8));
        try {
            store.put(number, body, PutOptions.DEFAULT.withContentType("text/plain").ifAbsent());
            return true;
        } catch (PreconditionFailed e) {
            return false;
        }
    }

    /** The text of one. */
    public String read(String number) {
        return new String(store.getBytes(number), StandardCharsets.UTF_8);
    }

    /** All of a year. */
    public List<String> ofYear(int year) {
        return store.list(year + "-").stream().map(ListEntry::key).toList();
    }
}
