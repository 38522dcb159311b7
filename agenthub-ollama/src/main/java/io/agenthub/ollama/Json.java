package io.agenthub.ollama;

import io.agenthub.api.enhance.ModelInfo;
import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads members of answers that may lack them. */
final class Json {
    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");

    private Json() {}

    /** Parses an answer, which must be an object. */
    static JsonText object(byte[] bytes) {
        JsonText text;
        try {
            text = JsonText.of(bytes, JsonLimits.RELAY);
        } catch (MalformedMessageException e) {
            throw OllamaException.garbage(String.valueOf(e.getMessage()), e);
        }
        if (!text.isObject()) {
            throw OllamaException.garbage("it is not a JSON object", null);
        }
        return text;
    }

    static Optional<String> string(JsonText object, String name) {
        return object.member(name).flatMap(JsonText::string);
    }

    static OptionalLong number(JsonText object, String name) {
        String word = object.member(name).map(JsonText::toString).orElse("");
        return WHOLE.matcher(word).matches() ? OptionalLong.of(Long.parseLong(word)) : OptionalLong.empty();
    }

    static boolean flag(JsonText object, String name) {
        return object.member(name)
                .filter(member -> member.toString().equals("true"))
                .isPresent();
    }

    static List<JsonText> list(JsonText object, String name) {
        return object.member(name).map(JsonText::elements).orElse(List.of());
    }

    static JsonText section(JsonText object, String name) {
        return object.member(name).filter(JsonText::isObject).orElse(JsonText.EMPTY_OBJECT);
    }

    /** What a server says went wrong, in either style, if it says so. */
    static Optional<String> error(JsonText object) {
        return object.member("error")
                .filter(error -> !error.isNull())
                .map(error -> error.string().or(() -> string(error, "message")).orElseGet(error::toString));
    }

    static float[] vector(JsonText array) {
        List<JsonText> elements = array.elements();
        float[] vector = new float[elements.size()];
        for (int i = 0; i < vector.length; i++) {
            try {
                vector[i] = Float.parseFloat(elements.get(i).toString());
            } catch (NumberFormatException e) {
                throw OllamaException.garbage("an embedding holds something that is not a number", e);
            }
        }
        return vector;
    }

    static ModelInfo model(JsonText entry, String nameMember) {
        JsonText details = section(entry, "details");
        return new ModelInfo(
                string(entry, nameMember).orElseThrow(() -> OllamaException.garbage("a model has no name", null)),
                number(entry, "size"),
                string(details, "family"),
                string(details, "parameter_size"),
                string(details, "quantization_level"));
    }

    static List<ModelInfo> models(JsonText body, String listMember, String nameMember) {
        List<ModelInfo> models = new ArrayList<>();
        list(body, listMember).forEach(entry -> models.add(model(entry, nameMember)));
        models.sort(java.util.Comparator.comparing(ModelInfo::name));
        return List.copyOf(models);
    }
}
