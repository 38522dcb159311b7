package io.agenthub.core.internal.pinning;

import io.agenthub.api.rpc.JsonText;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What of one server's tools outlives the hub.
 *
 * @param of what server it is, so that another one of the same name is not held to it
 * @param tools hashes of their definitions, by name
 * @param hidden those with text that people cannot see, which nobody has acknowledged
 * @param complete whether all tools were seen once
 */
record SavedPins(String of, Map<String, String> tools, Set<String> hidden, boolean complete) {
    SavedPins {
        tools = Map.copyOf(tools);
        hidden = Set.copyOf(hidden);
    }

    JsonText json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("of", of);
        json.put("complete", complete);
        json.put("hidden", List.copyOf(new TreeSet<>(hidden)));
        json.put("tools", new TreeMap<>(tools));
        return JsonText.ofValue(json);
    }

    /** Empty if it is not what {@link #json} writes. */
    static Optional<SavedPins> read(JsonText json) {
        Map<String, String> tools = new LinkedHashMap<>();
        json.member("tools")
                .map(JsonText::members)
                .orElse(Map.of())
                .forEach((tool, hash) -> hash.string().ifPresent(text -> tools.put(tool, text)));
        Set<String> hidden = new HashSet<>();
        json.member("hidden")
                .map(JsonText::elements)
                .orElse(List.of())
                .forEach(tool -> tool.string().ifPresent(hidden::add));
        boolean complete = json.member("complete")
                .filter(value -> value.toString().equals("true"))
                .isPresent();
        return json.member("of")
                .flatMap(JsonText::string)
                .filter(of -> json.member("tools").filter(JsonText::isObject).isPresent())
                .map(of -> new SavedPins(of, tools, hidden, complete));
    }
}
