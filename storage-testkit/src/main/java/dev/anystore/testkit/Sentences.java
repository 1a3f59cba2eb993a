package dev.anystore.testkit;

import dev.anystore.ObjectStore;

/** A chapter of the contract. Each test method of it is a sentence that holds for every store. */
interface Sentences {
    /** The store of the sentence that runs. */
    StoreUnderTest it();

    default ObjectStore store() {
        return it().store();
    }
}
