package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.agenthub.core.HubResources;
import io.agenthub.tck.Await;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A guard that sees nothing proves nothing: on the control thread a call that blocks is seen. */
class NeverBlocksTest {
    @Test
    void aCallThatBlocksTheControlThreadIsSeen() {
        HubResources resources = HubResources.create();
        CompletableFuture<Boolean> blocked = new CompletableFuture<>();
        BlockingCalls.SEEN.clear();
        resources.scheduler().schedule(Duration.ZERO, () -> {
            try {
                blocked.complete(new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                blocked.completeExceptionally(e);
            }
        });
        Await.value(blocked);
        assertNotNull(BlockingCalls.SEEN.poll());
        resources.close();
    }
}
