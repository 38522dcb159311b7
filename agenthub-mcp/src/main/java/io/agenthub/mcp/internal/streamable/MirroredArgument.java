package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.rpc.JsonText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An argument of a tool that has to be repeated in a header.
 *
 * @param path the names of the properties that lead to it
 * @param header the header's name, after {@code Mcp-Param-}
 */
record MirroredArgument(List<String> path, String header) {
    private static final String ANNOTATION = "x-mcp-header";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");
    private static final Set<String> TYPES = Set.of("string", "integer", "boolean");
    private static final int DEEPEST = 64;

    /** A schema breaks the rules for mirrored arguments. */
    static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidException(String message) {
            super(message);
        }
    }

    /** The mirrored arguments of a tool with this schema. */
    static List<MirroredArgument> of(JsonText schema) throws InvalidException {
        List<MirroredArgument> found = new ArrayList<>();
        collect(schema, List.of(), found);
        Set<String> names = new HashSet<>();
        for (MirroredArgument argument : found) {
            if (!names.add(argument.header().toLowerCase(Locale.ROOT))) {
                throw new InvalidException("two arguments have the header '" + argument.header() + "'");
            }
        }
        return List.copyOf(found);
    }

    /** Follows {@code properties}; an annotation anywhere else is a mistake. */
    private static void collect(JsonText schema, List<String> path, List<MirroredArgument> found)
            throws InvalidException {
        if (path.size() > DEEPEST) {
            return;
        }
        for (Map.Entry<String, JsonText> member : schema.members().entrySet()) {
            if (member.getKey().equals(ANNOTATION)) {
                found.add(argument(schema, path, member.getValue()));
            } else if (!member.getKey().equals("properties")) {
                refuseInside(member.getValue(), 0);
            } else {
                for (Map.Entry<String, JsonText> property :
                        member.getValue().members().entrySet()) {
                    collect(property.getValue(), appended(path, property.getKey()), found);
                }
            }
        }
    }

    private static MirroredArgument argument(JsonText schema, List<String> path, JsonText annotation)
            throws InvalidException {
        String header = annotation.string().orElse("");
        String type = schema.member("type").flatMap(JsonText::string).orElse("");
        if (!TOKEN.matcher(header).matches()) {
            throw new InvalidException("the header of argument " + path + " is no token");
        }
        if (path.isEmpty() || !TYPES.contains(type)) {
            throw new InvalidException("argument " + path + " cannot stand in a header: its type is '" + type + "'");
        }
        return new MirroredArgument(path, header);
    }

    private static void refuseInside(JsonText value, int depth) throws InvalidException {
        if (depth > DEEPEST) {
            return;
        }
        for (Map.Entry<String, JsonText> member : value.members().entrySet()) {
            if (member.getKey().equals(ANNOTATION) && member.getValue().isString()) {
                throw new InvalidException("'" + ANNOTATION + "' stands where no argument can be found by it");
            }
            refuseInside(member.getValue(), depth + 1);
        }
        for (JsonText element : value.elements()) {
            refuseInside(element, depth + 1);
        }
    }

    private static List<String> appended(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return List.copyOf(longer);
    }

    /** Its value in the arguments of a call. */
    Optional<JsonText> in(JsonText arguments) {
        Optional<JsonText> value = Optional.of(arguments);
        for (String name : path) {
            value = value.flatMap(object -> object.member(name));
        }
        return value;
    }
}
