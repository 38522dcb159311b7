package io.agenthub.ollama;

/** What a model has said so far, up to a bound. Confined to one thread at a time. */
final class Transcript {
    private final int maxChars;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();

    Transcript(int maxChars) {
        this.maxChars = maxChars;
    }

    void add(String words, String reasoning) {
        if ((long) text.length() + thinking.length() + words.length() + reasoning.length() > maxChars) {
            throw OllamaException.tooLong(maxChars);
        }
        text.append(words);
        thinking.append(reasoning);
    }

    String text() {
        return text.toString();
    }

    String thinking() {
        return thinking.toString();
    }
}
