package io.agenthub.mcp.internal.era;

import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The opening exchange of the MCP revisions up to 2025-11-25: what is offered and what may come back.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle">MCP 2025-11-25, Lifecycle</a>
 */
public final class Handshake {
    /** The request it begins with. */
    public static final String METHOD = "initialize";

    /** The notification it ends with. */
    public static final String DONE = "notifications/initialized";

    private Handshake() {}

    /**
     * The parameters of {@code initialize}.
     *
     * @param capabilities what the client can be asked
     * @param forwardRoots whether the server is trusted with roots; otherwise they are not offered
     * @return the parameters
     */
    public static JsonText offer(JsonText capabilities, boolean forwardRoots) {
        Map<String, JsonText> members = new LinkedHashMap<>();
        members.put("protocolVersion", JsonText.quote(Revisions.LEGACY.get(0)));
        members.put("capabilities", forwardRoots ? capabilities : capabilities.without("roots"));
        members.put("clientInfo", Self.INFO);
        return JsonText.object(members);
    }

    /**
     * Reads the answer to {@code initialize}.
     *
     * @param outcome the answer
     * @return what the server said of itself
     * @throws RefusedException if it refused, or said something that cannot be worked with
     */
    public static ServerInfo accept(RpcOutcome outcome) throws RefusedException {
        if (outcome instanceof RpcError error) {
            throw new RefusedException("refused to initialize: " + error.message() + " (" + error.code() + ")");
        }
        try {
            return read(((RpcResult) outcome).value());
        } catch (MalformedMessageException e) {
            throw new RefusedException("answered initialize with something unreadable: " + e.getMessage());
        }
    }

    private static ServerInfo read(JsonText result) throws RefusedException {
        String version = text(result, "/protocolVersion")
                .orElseThrow(() -> new RefusedException("answered initialize without a protocolVersion"));
        if (!Revisions.LEGACY.contains(version)) {
            throw new RefusedException(
                    "speaks MCP " + version + ", which is none of the revisions understood here: " + Revisions.LEGACY);
        }
        return new ServerInfo(
                version,
                text(result, "/serverInfo/name").orElse(""),
                text(result, "/serverInfo/version").orElse(""),
                result.member("capabilities").filter(JsonText::isObject).orElse(JsonText.EMPTY_OBJECT),
                text(result, "/instructions"),
                result);
    }

    private static Optional<String> text(JsonText result, String pointer) {
        return result.at(pointer).flatMap(JsonText::string);
    }
}
