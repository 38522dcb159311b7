package io.agenthub.ollama.fake;

import java.util.List;
import java.util.function.Function;

/**
 * How a model of the double answers.
 *
 * @param thinking the pieces of its reasoning, sent apart
 * @param answer the pieces of its answer, from the last message of the user
 * @param doneReason {@code stop} or {@code length}
 */
public record FakeModel(List<String> thinking, Function<String, List<String>> answer, String doneReason) {

    /** Puts {@code Improved: } before what it is told. */
    public static FakeModel improving() {
        return new FakeModel(List.of(), prompt -> List.of("Improved", ": ", prompt), "stop");
    }

    /** Says always the same. */
    public static FakeModel saying(String... pieces) {
        return new FakeModel(List.of(), prompt -> List.of(pieces), "stop");
    }

    /** The same model, which reasons first. */
    public FakeModel thinking(String... pieces) {
        return new FakeModel(List.of(pieces), answer, doneReason);
    }

    /** The same model, cut by the length of its answer. */
    public FakeModel cut() {
        return new FakeModel(thinking, answer, "length");
    }
}
