package io.agenthub.ollama;

/**
 * A part of an answer that is being written.
 *
 * @param text what goes on in the answer; may be empty
 * @param thinking what goes on in the reasoning, for models that keep it apart; may be empty
 */
public record Piece(String text, String thinking) {

    /** Shows lengths, not texts. */
    @Override
    public String toString() {
        return "Piece[" + text.length() + " characters, " + thinking.length() + " of thinking]";
    }
}
