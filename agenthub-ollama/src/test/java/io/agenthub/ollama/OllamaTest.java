package io.agenthub.ollama;

import io.agenthub.ollama.fake.FakeModel;
import io.agenthub.ollama.fake.FakeOllama;
import io.agenthub.tck.TckContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A double, a context and clients for one test. */
abstract class OllamaTest {
    static final String MODEL = "llama3.2:3b";

    final TckContext context = TckContext.real();
    private final List<AutoCloseable> opened = new ArrayList<>();
    FakeOllama ollama;

    @BeforeEach
    final void startDouble() throws IOException {
        ollama = opened(FakeOllama.start()).model(MODEL, FakeModel.improving());
    }

    @AfterEach
    final void closeAll() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        context.close();
    }

    final <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    final OllamaClientBuilder builder() {
        return OllamaClient.builder().baseUrl(ollama.url()).context(context).timeout(Duration.ofSeconds(20));
    }

    final OllamaClient client() {
        return opened(builder().build());
    }

    final OllamaClient openAi() {
        return opened(builder().apiStyle(ApiStyle.OPENAI).build());
    }

    static ModelRequest.Builder ask(String text) {
        return ModelRequest.builder(MODEL).user(text);
    }
}
