package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which arguments of which tools have to be repeated in headers, as far as lists of tools have told. Confined to the loop.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#custom-headers-from-tool-parameters">MCP
 *     2026-07-28, Custom Headers from Tool Parameters</a>
 */
final class MirroredTools {
    private static final int MOST = 10_000;
    private static final Logger log = LoggerFactory.getLogger(MirroredTools.class);

    private final String server;
    private final Map<String, List<MirroredArgument>> tools = new HashMap<>();
    private final Set<String> warned = new HashSet<>();

    MirroredTools(String server) {
        this.server = server;
    }

    boolean knows(String tool) {
        return tools.containsKey(tool);
    }

    void forget() {
        tools.clear();
    }

    /** The headers that repeat the arguments of a call. */
    Map<String, String> headers(@Nullable JsonText params) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (params != null) {
            String name = params.member("name").flatMap(JsonText::string).orElse("");
            Optional<JsonText> arguments = params.member("arguments");
            for (MirroredArgument argument : tools.getOrDefault(name, List.of())) {
                arguments
                        .flatMap(argument::in)
                        .flatMap(HeaderText::of)
                        .ifPresent(value -> headers.put("Mcp-Param-" + argument.header(), value));
            }
        }
        return headers;
    }

    /**
     * Learns from a list of tools; the list comes back without those whose headers are defined wrongly, or whose schema is ambiguous.
     *
     * @throws MalformedMessageException if the list itself is ambiguous
     */
    RpcOutcome learn(RpcOutcome outcome) {
        Optional<JsonText> list = outcome instanceof RpcResult result
                ? result.value().member("tools").filter(JsonText::isArray)
                : Optional.empty();
        if (list.isEmpty()) {
            return outcome;
        }
        List<JsonText> listed = list.get().elements();
        List<JsonText> valid = new ArrayList<>();
        for (JsonText tool : listed) {
            if (learn(tool)) {
                valid.add(tool);
            }
        }
        return valid.size() == listed.size()
                ? outcome
                : new RpcResult(((RpcResult) outcome).value().with("tools", JsonText.array(valid)));
    }

    private boolean learn(JsonText tool) {
        String name = "";
        try {
            name = tool.member("name").flatMap(JsonText::string).orElse("");
            List<MirroredArgument> arguments =
                    MirroredArgument.of(tool.member("inputSchema").orElse(JsonText.EMPTY_OBJECT));
            if (tools.size() < MOST || tools.containsKey(name)) {
                tools.put(name, arguments);
            }
            return true;
        } catch (MirroredArgument.InvalidException e) {
            leaveOut(name, "as MCP demands: " + e.getMessage());
        } catch (MalformedMessageException e) {
            leaveOut(name, "as it cannot be read: " + e.getMessage());
        }
        return false;
    }

    private void leaveOut(String name, String why) {
        tools.remove(name);
        if (warned.size() < MOST && warned.add(name)) {
            log.atWarn()
                    .addKeyValue("server", server)
                    .addKeyValue("tool", name)
                    .log("A tool is left out of the list, " + why);
        }
    }
}
