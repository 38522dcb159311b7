package io.agenthub.gateway.internal.mcp.stateless;

import io.agenthub.api.bridge.ClientProfile;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.mcp.wire.LogLevel;
import io.agenthub.gateway.internal.mcp.wire.Meta;
import io.agenthub.gateway.internal.mcp.wire.Revisions;
import io.agenthub.gateway.internal.mcp.wire.RpcRefusal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of itself, in its body and again in its headers.
 *
 * @param capabilities what its client can be asked
 * @param clientInfo what its client calls itself
 * @param logLevel which log messages it wants
 */
record Envelope(JsonText capabilities, Optional<JsonText> clientInfo, Optional<String> logLevel) {
    private static final String VERSION = "mcp-protocol-version";

    /**
     * Reads and checks, in the order that the specification's own implementations keep.
     *
     * @throws RpcRefusal if something is missing or does not agree
     */
    static Envelope of(Exchange exchange, RpcRequest request) {
        JsonText params = request.params();
        List<String> header = exchange.headers(VERSION);
        if (header.size() != 1) {
            throw Codes.headerMismatch("One MCP-Protocol-Version header is needed");
        }
        String version = Meta.get(params, Meta.PROTOCOL_VERSION)
                .flatMap(JsonText::string)
                .orElseThrow(() -> incomplete(Meta.PROTOCOL_VERSION));
        Envelope envelope = body(params);
        if (!header.get(0).strip().equals(version)) {
            throw Codes.headerMismatch("MCP-Protocol-Version is not what _meta says");
        }
        if (!version.equals(Revisions.MODERN)) {
            throw Codes.unsupportedVersion(version);
        }
        mirrored(exchange, "mcp-method", request.method());
        Optional<String> name = nameMember(request.method());
        if (name.isPresent()) {
            mirrored(exchange, "mcp-name", text(params, name.get()));
        }
        return envelope;
    }

    private static Envelope body(@Nullable JsonText params) {
        JsonText capabilities = Meta.get(params, Meta.CLIENT_CAPABILITIES)
                .filter(JsonText::isObject)
                .orElseThrow(() -> incomplete(Meta.CLIENT_CAPABILITIES));
        Optional<JsonText> info = Meta.get(params, Meta.CLIENT_INFO);
        if (info.isPresent() && !info.get().isObject()) {
            throw incomplete(Meta.CLIENT_INFO);
        }
        Optional<JsonText> level = Meta.get(params, Meta.LOG_LEVEL);
        if (level.isPresent() && level.get().string().filter(LogLevel::isKnown).isEmpty()) {
            throw incomplete(Meta.LOG_LEVEL);
        }
        return new Envelope(capabilities.without("tasks"), info, level.flatMap(JsonText::string));
    }

    private static RpcRefusal incomplete(String key) {
        return RpcRefusal.invalidParams(400, "_meta lacks " + key + ", or it is not what it should be");
    }

    /** The member of the parameters that {@code Mcp-Name} repeats. */
    static Optional<String> nameMember(String method) {
        return switch (method) {
            case "tools/call", "prompts/get" -> Optional.of("name");
            case "resources/read" -> Optional.of("uri");
            default -> Optional.empty();
        };
    }

    private static String text(@Nullable JsonText params, String name) {
        return Optional.ofNullable(params)
                .flatMap(present -> present.member(name))
                .flatMap(JsonText::string)
                .orElseThrow(() -> RpcRefusal.invalidParams(400, "'" + name + "' must be a string"));
    }

    private static void mirrored(Exchange exchange, String header, String value) {
        List<String> values = exchange.headers(header);
        if (values.size() != 1 || !HeaderValue.decode(values.get(0)).equals(value)) {
            throw Codes.headerMismatch("The header " + header + " is missing, or is not what the body says");
        }
    }

    /** What the server may know of the client. */
    ClientProfile profile() {
        return new ClientProfile(capabilities, clientInfo, logLevel, true);
    }

    /** The client's name, as claimed. */
    Optional<String> clientName() {
        return clientInfo.flatMap(info -> info.member("name")).flatMap(JsonText::string);
    }
}
