package io.agenthub.api.hub;

import io.agenthub.api.rpc.JsonText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a tool answered.
 *
 * @param json the whole result, as the server gave it
 */
public record ToolResult(JsonText json) {

    /**
     * Whether the tool itself reports a failure; {@link #text()} then says which.
     *
     * @return the value of {@code isError}
     */
    public boolean isError() {
        return json.member("isError")
                .map(JsonText::toString)
                .filter("true"::equals)
                .isPresent();
    }

    /**
     * The text of the answer.
     *
     * @return all content blocks of type {@code text}, one to a line; empty if there is none
     */
    public String text() {
        return content().stream()
                .filter(block -> block.member("type")
                        .flatMap(JsonText::string)
                        .filter("text"::equals)
                        .isPresent())
                .flatMap(block -> block.member("text").flatMap(JsonText::string).stream())
                .collect(Collectors.joining("\n"));
    }

    /**
     * All content blocks: text, images, audio, resources and links.
     *
     * @return the blocks in order
     */
    public List<JsonText> content() {
        return json.member("content").map(JsonText::elements).orElse(List.of());
    }

    /**
     * The answer as data, from tools that declare an output schema.
     *
     * @return the value of {@code structuredContent}, if there is one
     */
    public Optional<JsonText> structuredContent() {
        return json.member("structuredContent");
    }
}
