package io.agenthub.api.activity;

import io.agenthub.tck.ActivityStoreTck;
import io.agenthub.tck.MemoryActivityStore;

/** The store of the test kit keeps the contract, but for the chain it does not have. */
class MemoryActivityStoreTest extends ActivityStoreTck {

    @Override
    protected ActivityStore newStore() {
        return new MemoryActivityStore();
    }

    @Override
    protected boolean keepsChain() {
        return false;
    }
}
