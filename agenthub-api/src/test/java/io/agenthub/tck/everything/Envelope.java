package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * What a modern request says about itself in {@code params._meta}.
 *
 * @param capabilities what its client can be asked
 * @param logFrom the least severe log level it wants to hear of, or null for none
 */
record Envelope(JsonText capabilities, @Nullable String logFrom) {
    static final String REVISION = "2026-07-28";
    private static final String PREFIX = "io.modelcontextprotocol/";
    private static final String VERSION = PREFIX + "protocolVersion";
    static final String SERVER_INFO = PREFIX + "serverInfo";
    static final String SUBSCRIPTION_ID = PREFIX + "subscriptionId";

    /** Whether a message says that it is modern, right or wrong. */
    static boolean isClaimedBy(JsonText params) {
        return Json.member(Json.member(params, "_meta"), VERSION) != null;
    }

    static Envelope of(Call call) {
        String version = string(call, VERSION);
        if (version == null) {
            throw new Refusal(Refusal.INVALID_PARAMS, "Missing _meta: ".concat(VERSION));
        }
        if (!version.equals(REVISION)) {
            throw unsupported(version);
        }
        JsonText capabilities = call.meta(PREFIX + "clientCapabilities");
        if (capabilities == null || !capabilities.isObject()) {
            throw new Refusal(Refusal.INVALID_PARAMS, "Missing _meta: " + PREFIX + "clientCapabilities");
        }
        String logFrom = string(call, PREFIX + "logLevel");
        if (logFrom != null) {
            LogLevels.rank(logFrom);
        }
        return new Envelope(capabilities, logFrom);
    }

    static Refusal unsupported(String requested) {
        return new Refusal(
                Refusal.UNSUPPORTED_VERSION,
                "Unsupported protocol version",
                Json.fill("{\"supported\":[%],\"requested\":%}", REVISION, requested));
    }

    private static @Nullable String string(Call call, String name) {
        JsonText value = call.meta(name);
        return value == null ? null : value.string().orElse("");
    }
}
