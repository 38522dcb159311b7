package io.agenthub.api.hub;

import io.agenthub.api.rpc.JsonText;
import java.util.Optional;

/**
 * A tool that a server offers.
 *
 * @param json its whole definition, as the server gave it
 */
public record Tool(JsonText json) {

    /**
     * Its name, unique within the server.
     *
     * @return the name; empty text if the server gave none
     */
    public String name() {
        return text("name").orElse("");
    }

    /**
     * Its name for people.
     *
     * @return the title, if there is one
     */
    public Optional<String> title() {
        return text("title");
    }

    /**
     * What it does.
     *
     * @return the description, if there is one
     */
    public Optional<String> description() {
        return text("description");
    }

    /**
     * What arguments it takes.
     *
     * @return a JSON Schema; {@code {}} if the server gave none
     */
    public JsonText inputSchema() {
        return json.member("inputSchema").orElse(JsonText.EMPTY_OBJECT);
    }

    private Optional<String> text(String name) {
        return json.member(name).flatMap(JsonText::string);
    }
}
