package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.ollama.fake.FakeModel;
import io.agenthub.ollama.fake.FakeOllama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Is the double like the real thing? The client of Ollama's authors decides. */
class FakeOllamaTest {
    @TempDir
    Path folder;

    @Test
    void theClientOfOllamasAuthorsUnderstandsEveryAnswerOfTheDouble() throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        try (FakeOllama ollama =
                FakeOllama.start().model("llama3.2:3b", FakeModel.improving().thinking("Hmm."))) {
            Process node = new ProcessBuilder("node", "check.mjs", ollama.url(), "llama3.2:3b")
                    .directory(Path.of(System.getProperty("agenthub.npm.client", "src/test/npm"))
                            .toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                assertTrue(node.waitFor(90, TimeUnit.SECONDS), () -> "still running, after " + read(output));
            } finally {
                node.destroyForcibly();
            }

            assertEquals("understood", read(output).strip());
            assertEquals(0, node.exitValue());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
