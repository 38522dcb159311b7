package io.agenthub.ollama;

import io.agenthub.api.rpc.JsonText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a model is asked. Immutable.
 *
 * @param model the model's name
 * @param messages the conversation so far; {@link OllamaClient#generate} takes its system messages as the system prompt and the
 *     rest as the prompt
 * @param options options of the model by their name in Ollama, such as {@code temperature} or {@code num_predict}
 * @param think whether the model may reason first; empty leaves it to the model
 * @param format {@code "json"} or a JSON schema that the answer must keep to
 * @param keepAlive how long the model stays loaded afterwards, negative for ever; empty means the server's default
 * @param timeout the time until the answer must be complete; empty means the client's default
 */
public record ModelRequest(
        String model,
        List<Message> messages,
        Map<String, Object> options,
        Optional<Boolean> think,
        Optional<JsonText> format,
        Optional<Duration> keepAlive,
        Optional<Duration> timeout) {

    /** As good as for ever; clocks count no more than 292 years in nanoseconds. */
    static final Duration LONGEST = Duration.ofDays(36_500);

    /**
     * Copies and checks.
     *
     * @throws IllegalArgumentException if the model has no name, an option has no JSON form, or the timeout is not
     *     positive or more than 36,500 days
     */
    public ModelRequest {
        messages = List.copyOf(messages);
        options = Map.copyOf(options);
        Objects.requireNonNull(think);
        Objects.requireNonNull(format);
        Objects.requireNonNull(keepAlive);
        if (model.isBlank()) {
            throw new IllegalArgumentException("model has no name");
        }
        timeout.ifPresent(ModelRequest::checkTimeout);
        JsonText.ofValue(options);
    }

    static void checkTimeout(Duration timeout) {
        checkTime(timeout, "timeout");
    }

    /** Refuses a time that is none, or that no clock can measure. */
    static void checkTime(Duration time, String name) {
        if (time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " is " + time + ", must be more than 0 and at most " + LONGEST.toDays() + " days");
        }
    }

    /**
     * Begins a request.
     *
     * @param model the model's name
     * @return a builder with nothing else
     */
    public static Builder builder(String model) {
        return new Builder(model);
    }

    /** Shows neither messages nor options. */
    @Override
    public String toString() {
        return "ModelRequest[" + model + ", " + messages.size() + " messages]";
    }

    /** Collects a {@link ModelRequest}. Not thread-safe. */
    public static final class Builder {
        private final String model;
        private final List<Message> messages = new ArrayList<>();
        private final Map<String, Object> options = new LinkedHashMap<>();
        private Optional<Boolean> think = Optional.empty();
        private Optional<JsonText> format = Optional.empty();
        private Optional<Duration> keepAlive = Optional.empty();
        private Optional<Duration> timeout = Optional.empty();

        private Builder(String model) {
            this.model = Objects.requireNonNull(model);
        }

        /**
         * Adds instructions for the model.
         *
         * @param content the instructions
         * @return this
         */
        public Builder system(String content) {
            return message(Message.system(content));
        }

        /**
         * Adds what the user says.
         *
         * @param content the text
         * @return this
         */
        public Builder user(String content) {
            return message(Message.user(content));
        }

        /**
         * Adds a message.
         *
         * @param message the message
         * @return this
         */
        public Builder message(Message message) {
            messages.add(Objects.requireNonNull(message));
            return this;
        }

        /**
         * How freely the model chooses its words.
         *
         * @param value 0 to 2; by default the model's own
         * @return this
         */
        public Builder temperature(double value) {
            return option("temperature", value);
        }

        /**
         * The longest answer.
         *
         * @param value a number of tokens; by default the model's own
         * @return this
         */
        public Builder maxTokens(int value) {
            return option("num_predict", value);
        }

        /**
         * Any other option of the model.
         *
         * @param name its name in Ollama
         * @param value a string, number, boolean or list of these
         * @return this
         */
        public Builder option(String name, Object value) {
            options.put(name, value);
            return this;
        }

        /**
         * Whether the model may reason first.
         *
         * @param value by default the model decides
         * @return this
         */
        public Builder think(boolean value) {
            think = Optional.of(value);
            return this;
        }

        /**
         * What form the answer must have.
         *
         * @param value {@code "json"} or a JSON schema
         * @return this
         */
        public Builder format(JsonText value) {
            format = Optional.of(value);
            return this;
        }

        /**
         * How long the model stays loaded afterwards.
         *
         * @param value zero unloads it at once, negative keeps it for ever; by default the server decides
         * @return this
         */
        public Builder keepAlive(Duration value) {
            keepAlive = Optional.of(value);
            return this;
        }

        /**
         * The time until the answer must be complete.
         *
         * @param value more than 0, at most 36,500 days; by default the client's timeout
         * @return this
         */
        public Builder timeout(Duration value) {
            timeout = Optional.of(value);
            return this;
        }

        /**
         * Makes the request.
         *
         * @return the request
         * @throws IllegalArgumentException if a value is out of range
         */
        public ModelRequest build() {
            return new ModelRequest(model, messages, options, think, format, keepAlive, timeout);
        }
    }
}
