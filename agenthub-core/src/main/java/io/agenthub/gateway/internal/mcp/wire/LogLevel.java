package io.agenthub.gateway.internal.mcp.wire;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import java.util.List;
import java.util.Optional;

/** The levels of log messages, as RFC 5424 orders them. */
public final class LogLevel {
    /** The notification that carries a log message. */
    public static final String METHOD = "notifications/message";

    private static final List<String> LEVELS =
            List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

    private LogLevel() {}

    /**
     * Whether there is such a level.
     *
     * @param name as the protocol writes it
     * @return true for one of the eight
     */
    public static boolean isKnown(String name) {
        return LEVELS.contains(name);
    }

    /**
     * Whether a log message is severe enough.
     *
     * @param message the notification
     * @param least the least level that is wanted
     * @return true if it is at least that; a level that nobody knows is severe enough
     */
    public static boolean reaches(RpcNotification message, String least) {
        Optional<String> level = Optional.ofNullable(message.params())
                .flatMap(params -> params.member("level"))
                .flatMap(JsonText::string);
        return level.isEmpty() || !isKnown(level.get()) || LEVELS.indexOf(level.get()) >= LEVELS.indexOf(least);
    }
}
