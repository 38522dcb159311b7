package io.agenthub.gateway.internal.mcp.stateless;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.mcp.upstream.MirroredParameter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Checks that the headers which repeat a tool's arguments say what the arguments say. */
final class ParameterHeaders {
    private static final String PREFIX = "mcp-param-";

    private ParameterHeaders() {}

    /**
     * Checks one call. Headers that no parameter asks for are ignored.
     *
     * @throws io.agenthub.gateway.internal.mcp.wire.RpcRefusal if one is missing or says something else
     */
    static void check(Exchange exchange, List<MirroredParameter> mirrored, JsonText params) {
        JsonText arguments = params.member("arguments").orElse(JsonText.EMPTY_OBJECT);
        for (MirroredParameter parameter : mirrored) {
            List<String> values = exchange.headers(PREFIX + parameter.header());
            Optional<JsonText> argument = arguments.at(parameter.pointer()).filter(value -> !value.isNull());
            boolean agrees = argument.isEmpty()
                    ? values.isEmpty()
                    : values.size() == 1 && agrees(HeaderValue.decode(values.get(0)), argument.get());
            if (!agrees) {
                throw Codes.headerMismatch(
                        "The header Mcp-Param-" + parameter.header() + " is not what the arguments say");
            }
        }
    }

    private static boolean agrees(String header, JsonText argument) {
        if (argument.isString()) {
            return argument.string().filter(header::equals).isPresent();
        }
        String written = argument.toString();
        if (written.equals("true") || written.equals("false")) {
            return header.equals(written);
        }
        if (argument.isObject() || argument.isArray()) {
            return false;
        }
        try {
            return new BigDecimal(header).compareTo(new BigDecimal(written)) == 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
