package io.agenthub.examples.gateway;

import io.agenthub.api.rpc.JsonText;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tools of the {@link DemoServer}. */
final class DemoTools {
    private static final long LONGEST_DELAY = 600_000;

    /** What {@code tools/list} answers. */
    static final List<Map<String, ?>> LIST = List.of(
            tool(
                    "echo",
                    "Answers with the message it was given",
                    Map.of("message", property("string", "What to say back")),
                    "message"),
            tool(
                    "add",
                    "Adds two numbers, exactly",
                    Map.of("a", property("number", "The one"), "b", property("number", "The other")),
                    "a",
                    "b"),
            tool(
                    "time",
                    "Tells the time, in a zone if one is named",
                    Map.of("zone", property("string", "A zone such as Europe/Berlin; default UTC"))),
            tool(
                    "delay",
                    "Answers after a while; other calls go on meanwhile",
                    Map.of(
                            "milliseconds",
                            Map.of(
                                    "type",
                                    "integer",
                                    "minimum",
                                    0,
                                    "maximum",
                                    LONGEST_DELAY,
                                    "description",
                                    "How long to wait")),
                    "milliseconds"));

    /** The names of the tools. */
    static final List<String> NAMES = List.of("echo", "add", "time", "delay");

    /**
     * What a tool answers.
     *
     * @param json the result
     * @param afterMillis how long it keeps the caller waiting
     */
    record Answer(Map<String, ?> json, long afterMillis) {}

    private DemoTools() {}

    private static Map<String, ?> tool(String name, String description, Map<String, ?> properties, String... required) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", List.of(required));
        schema.put("additionalProperties", false);
        Map<String, Object> tool = new LinkedHashMap<>();
        tool.put("name", name);
        tool.put("description", description);
        tool.put("inputSchema", schema);
        return tool;
    }

    private static Map<String, ?> property(String type, String description) {
        return Map.of("type", type, "description", description);
    }

    /**
     * Calls a tool.
     *
     * @param tool one of {@link #NAMES}
     * @param arguments its arguments; wrong ones are answered with {@code isError}
     */
    static Answer call(String tool, JsonText arguments) {
        try {
            return switch (tool) {
                case "echo" -> text(string(arguments, "message"));
                case "add" ->
                    text(number(arguments, "a").add(number(arguments, "b")).toPlainString());
                case "time" -> text(time(arguments));
                default -> delay(number(arguments, "milliseconds"));
            };
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            return new Answer(content(String.valueOf(e.getMessage()), true), 0);
        }
    }

    private static Answer text(String text) {
        return new Answer(content(text, false), 0);
    }

    private static Map<String, ?> content(String text, boolean error) {
        // In this order in each run.
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("type", "text");
        part.put("text", text);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("content", List.of(part));
        if (error) {
            result.put("isError", true);
        }
        return result;
    }

    private static String time(JsonText arguments) {
        ZoneId zone =
                ZoneId.of(arguments.member("zone").flatMap(JsonText::string).orElse("UTC"));
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(ZonedDateTime.now(zone));
    }

    private static Answer delay(BigDecimal milliseconds) {
        long wait = milliseconds.longValueExact();
        if (wait < 0 || wait > LONGEST_DELAY) {
            throw new IllegalArgumentException("milliseconds must be between 0 and " + LONGEST_DELAY);
        }
        return new Answer(content("Waited " + wait + " ms", false), wait);
    }

    private static String string(JsonText arguments, String name) {
        return arguments
                .member(name)
                .flatMap(JsonText::string)
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' must be a string"));
    }

    private static BigDecimal number(JsonText arguments, String name) {
        Object value = arguments.member(name).map(JsonText::toValue).orElse(null);
        if (value instanceof Number) {
            BigDecimal number = new BigDecimal(value.toString());
            if (Math.abs(number.scale()) <= 1_000) {
                return number;
            }
        }
        throw new IllegalArgumentException("'" + name + "' must be a number");
    }
}
