package io.agenthub.ollama;

/** Which API a server speaks. */
public enum ApiStyle {
    /** Ollama's own, under {@code /api}: everything {@link OllamaClient} can do. */
    NATIVE,
    /** The OpenAI style, under {@code /v1}, as many local servers speak it: chatting, models and embeddings. */
    OPENAI
}
