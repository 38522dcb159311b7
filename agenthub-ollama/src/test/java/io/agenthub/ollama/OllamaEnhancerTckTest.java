package io.agenthub.ollama;

import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.ollama.fake.FakeFault;
import io.agenthub.ollama.fake.FakeModel;
import io.agenthub.ollama.fake.FakeOllama;
import io.agenthub.tck.EnhancerTck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

class OllamaEnhancerTckTest extends EnhancerTck {
    private final FakeOllama working = start().model("llama3.2:3b", FakeModel.improving());
    private final FakeOllama hung = start().spoil(FakeFault.HANG);

    private static FakeOllama start() {
        try {
            return FakeOllama.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stopDoubles() throws IOException {
        working.close();
        hung.close();
    }

    @Override
    protected Enhancer create(ProviderContext context) {
        return OllamaEnhancer.builder(OllamaClient.builder().baseUrl(working.url()), context)
                .timeBudget(Duration.ofSeconds(20))
                .build();
    }

    @Override
    protected Enhancer createBroken(ProviderContext context) {
        return OllamaEnhancer.builder(OllamaClient.builder().baseUrl(hung.url()), context)
                .timeBudget(Duration.ofMillis(500))
                .build();
    }
}
