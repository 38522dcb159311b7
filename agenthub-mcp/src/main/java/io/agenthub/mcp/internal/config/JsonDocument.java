package io.agenthub.mcp.internal.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.agenthub.api.ConfigurationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSON file as plain values that remembers where each of them stands. Comments and trailing commas are accepted, as
 * editors write them; a name that stands twice in one object is not.
 */
final class JsonDocument {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
    private static final Pattern PLACE = Pattern.compile("\\s*(?:\\([^(\\[]*|at )?\\[Source:[^\\]]*\\]\\)?");
    private static final int DEEPEST = 64;

    private final String file;
    private final Map<String, Integer> lines = new HashMap<>();
    private Map<String, Object> root = Map.of();

    private JsonDocument(String file) {
        this.file = file;
    }

    /**
     * Reads a text.
     *
     * @throws ConfigurationException if it is not a JSON object; the message names line and column
     */
    static JsonDocument parse(String file, String text) {
        JsonDocument document = new JsonDocument(file);
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new ConfigurationException(file, "must hold one JSON object");
            }
            document.root = document.object(parser, "", 0);
            if (parser.nextToken() != null) {
                throw new ConfigurationException(
                        file, "something stands after the end of the object (line " + line(parser) + ")");
            }
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(file, "is not JSON: " + problem(e), null);
        } catch (IOException e) {
            throw new ConfigurationException(file, "cannot be read: " + e.getMessage(), e);
        }
        return document;
    }

    private static String problem(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String place = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        return sentence(e) + place;
    }

    /** What the parser quotes from the file could be a secret; its first sentence names only the character at fault. */
    private static String sentence(JsonProcessingException e) {
        if (e instanceof JsonEOFException) {
            return "it ends before all that was opened is closed";
        }
        String message = e.getOriginalMessage();
        if (message.startsWith("Unrecognized token")) {
            return "a value that is neither quoted nor a number";
        }
        // Places within a sentence are told in the parser's own way.
        return message.lines()
                .findFirst()
                .map(line -> PLACE.matcher(line).replaceAll(""))
                .filter(line -> !line.isBlank())
                .orElse("unreadable");
    }

    private Map<String, Object> object(JsonParser parser, String path, int depth) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            String place = path.isEmpty() ? name : path + "." + name;
            lines.put(place, line(parser));
            parser.nextToken();
            Object value = value(parser, place, depth + 1);
            if (value != null) {
                members.put(name, value);
            }
        }
        return members;
    }

    private @Nullable Object value(JsonParser parser, String path, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new ConfigurationException(path, "is nested too deeply" + where(path));
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, path, depth);
            case START_ARRAY -> array(parser, path, depth);
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            default -> null;
        };
    }

    private List<Object> array(JsonParser parser, String path, int depth) throws IOException {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Object element = value(parser, path, depth + 1);
            if (element == null) {
                throw new ConfigurationException(path, "must not hold null" + where(path));
            }
            elements.add(element);
        }
        return elements;
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    /** The members of the object; a member that is null counts as absent. */
    Map<String, Object> root() {
        return root;
    }

    /** The same mistake, with the file and the line it stands on, if it does not name them already. */
    ConfigurationException locate(ConfigurationException mistake) {
        String where = where(mistake.path());
        return mistake.problem().endsWith(where)
                ? mistake
                : new ConfigurationException(mistake.path(), mistake.problem() + where, mistake.getCause());
    }

    /** The file and the line that something stands on, to be put behind a message. */
    String where(String path) {
        for (String place = path; !place.isEmpty(); place = parent(place)) {
            Integer line = lines.get(place);
            if (line != null) {
                return " (" + file + ", line " + line + ")";
            }
        }
        return " (" + file + ")";
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }
}
