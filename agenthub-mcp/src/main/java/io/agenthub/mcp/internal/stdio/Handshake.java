package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletionStage;

/**
 * The opening exchange of the MCP revisions up to 2025-11-25: what is offered and what may come back.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle">MCP 2025-11-25, Lifecycle</a>
 */
final class Handshake {
    static final String METHOD = "initialize";
    private static final String OFFERED = "2025-11-25";
    private static final List<String> ACCEPTED = List.of(OFFERED, "2025-06-18", "2025-03-26", "2024-11-05");
    private static final String VERSION = version();

    /** A server said something in its handshake that cannot be worked with. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** The context of a call that belongs to nobody outside. */
    static final CallContext UNATTENDED = new CallContext() {
        @Override
        public Duration remaining() {
            return Duration.ofDays(1);
        }

        @Override
        public void dispatched() {}

        @Override
        public boolean wantsProgress() {
            return false;
        }

        @Override
        public void notified(RpcNotification notification) {}

        @Override
        public CompletionStage<RpcOutcome> asked(RpcRequest request) {
            return Promise.succeeded(
                    RpcError.of(RpcError.METHOD_NOT_FOUND, "Method not found: " + request.method(), null));
        }
    };

    private Handshake() {}

    /** The parameters of {@code initialize}. Roots are not offered unless a server is trusted with them. */
    static JsonText offer(JsonText capabilities, boolean forwardRoots) {
        Map<String, JsonText> members = new LinkedHashMap<>();
        members.put("protocolVersion", JsonText.quote(OFFERED));
        members.put("capabilities", forwardRoots ? capabilities : capabilities.without("roots"));
        members.put("clientInfo", JsonText.ofValue(clientInfo()));
        return JsonText.object(members);
    }

    private static Map<String, String> clientInfo() {
        Map<String, String> info = new LinkedHashMap<>();
        info.put("name", "agenthub");
        info.put("version", VERSION);
        return info;
    }

    /** Reads the answer to {@code initialize}. */
    static ServerInfo accept(RpcOutcome outcome) throws RefusedException {
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
        if (!ACCEPTED.contains(version)) {
            throw new RefusedException(
                    "speaks MCP " + version + ", which is none of the revisions understood here: " + ACCEPTED);
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

    private static String version() {
        Properties properties = new Properties();
        try (InputStream file = Handshake.class.getResourceAsStream("/io/agenthub/mcp/version.properties")) {
            if (file != null) {
                properties.load(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "0");
    }
}
