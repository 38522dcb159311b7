package io.agenthub.examples.gateway;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test during which an event loop or the control thread made a blocking call. */
public final class NeverBlocks implements BeforeAllCallback, AfterEachCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        BlockingCalls.SEEN.clear();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        String first = BlockingCalls.SEEN.poll();
        BlockingCalls.SEEN.clear();
        if (first != null) {
            Assertions.fail("A thread that must never block did: " + first);
        }
    }
}
