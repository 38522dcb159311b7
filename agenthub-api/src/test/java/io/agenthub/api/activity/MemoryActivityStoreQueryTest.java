package io.agenthub.api.activity;

import io.agenthub.tck.ActivityStoreQueryTck;
import io.agenthub.tck.MemoryActivityStore;

/** The store of the test kit answers queries as the contract says. */
class MemoryActivityStoreQueryTest extends ActivityStoreQueryTck {

    @Override
    protected ActivityStore newStore() {
        return new MemoryActivityStore();
    }
}
