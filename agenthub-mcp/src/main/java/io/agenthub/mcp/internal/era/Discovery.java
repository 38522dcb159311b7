package io.agenthub.mcp.internal.era;

import io.agenthub.api.bridge.ClientProfile;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import java.util.List;
import java.util.Optional;

/**
 * The question that tells a stateless server from one with a session: {@code server/discover}, and what its answer means.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning">MCP 2026-07-28, Versioning</a>
 */
public final class Discovery {
    /** The request. */
    public static final String METHOD = "server/discover";

    /** The error of a stateless server that does not speak the revision it is asked in. */
    public static final int UNSUPPORTED_VERSION = -32_022;

    private Discovery() {}

    /** What an answer means. */
    public sealed interface Finding {}

    /**
     * The server is stateless, and there is a revision that both speak.
     *
     * @param info what it said of itself, with that revision
     */
    public record Modern(ServerInfo info) implements Finding {}

    /**
     * The server is stateless and wants to be asked again, in another revision.
     *
     * @param revision one that both speak
     */
    public record AskAgain(String revision) implements Finding {}

    /**
     * The server is stateless, but there is no revision that both speak. It must not be sent {@code initialize}.
     *
     * @param why completes "Server 'x' …"
     */
    public record Strange(String why) implements Finding {}

    /**
     * The server knows nothing of this era.
     *
     * @param why completes "Server 'x' …"
     */
    public record Legacy(String why) implements Finding {}

    /**
     * The parameters of the request.
     *
     * @param revision the revision it is asked in
     * @return parameters that say nothing of any client
     */
    public static JsonText params(String revision) {
        return new Envelope(revision, false).around(null, ClientProfile.NONE);
    }

    /**
     * Reads an answer.
     *
     * @param outcome the answer
     * @param again whether it was asked for the second time, and is not to be asked for a third
     * @return what it means
     */
    public static Finding read(RpcOutcome outcome, boolean again) {
        try {
            return outcome instanceof RpcError error
                    ? refused(error, again)
                    : discovered(((RpcResult) outcome).value());
        } catch (MalformedMessageException e) {
            return new Legacy("answered " + METHOD + " with something unreadable: " + e.getMessage());
        }
    }

    private static Finding refused(RpcError error, boolean again) {
        List<String> supported =
                error.data().map(data -> strings(data, "supported")).orElse(List.of());
        if (error.code() != UNSUPPORTED_VERSION || supported.isEmpty()) {
            return new Legacy("refused " + METHOD + ": " + error.message() + " (" + error.code() + ")");
        }
        Optional<String> common = Revisions.common(supported);
        if (common.isPresent() && again) {
            return new Strange("keeps refusing MCP " + common.get() + ", which it says it speaks");
        }
        // Also if it is the one it was asked in: behind one address, servers may differ.
        return common.<Finding>map(AskAgain::new).orElseGet(() -> strange(supported));
    }

    private static Finding discovered(JsonText result) {
        List<String> supported = strings(result, "supportedVersions");
        if (supported.isEmpty()) {
            return new Legacy("answered " + METHOD + " without supportedVersions");
        }
        return Revisions.common(supported)
                .<Finding>map(revision -> new Modern(info(result, revision)))
                .orElseGet(() -> strange(supported));
    }

    private static Strange strange(List<String> supported) {
        return new Strange("speaks MCP " + supported + ", of which none is understood here without a session: "
                + Revisions.MODERN + "; set \"protocol\": \"legacy\" if it speaks an older one");
    }

    private static ServerInfo info(JsonText result, String revision) {
        JsonText self = result.member(Envelope.META)
                .flatMap(meta -> meta.member(Envelope.SERVER_INFO))
                .filter(JsonText::isObject)
                .orElse(JsonText.EMPTY_OBJECT);
        return new ServerInfo(
                revision,
                text(self, "name").orElse(""),
                text(self, "version").orElse(""),
                result.member("capabilities").filter(JsonText::isObject).orElse(JsonText.EMPTY_OBJECT),
                text(result, "instructions"),
                result);
    }

    private static Optional<String> text(JsonText object, String name) {
        return object.member(name).flatMap(JsonText::string);
    }

    private static List<String> strings(JsonText object, String name) {
        return object.member(name).map(JsonText::elements).orElse(List.of()).stream()
                .flatMap(element -> element.string().stream())
                .toList();
    }
}
