package io.agenthub.core.internal.hub;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ServerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a change of a server's state means to people who read the record.
 *
 * @param name {@code starting}, {@code started}, {@code restarted}, {@code start failed}, {@code exited}, {@code quarantined},
 *     {@code stopping} or {@code stopped}
 * @param outcome {@link Activity#OK}, {@link Activity#ERROR}, or the cause of an exit
 * @param detail why, if it was not wanted
 */
record ServerEvent(String name, String outcome, @Nullable String detail) {

    /** What happened, in order: an exit too many is an exit and a quarantine. */
    static List<ServerEvent> between(ServerStatus before, ServerStatus after) {
        List<ServerEvent> events = new ArrayList<>(2);
        ServerState from = before.state();
        ServerState to = after.state();
        boolean down = to == ServerState.BACKING_OFF || to == ServerState.FAILED;
        if (from == ServerState.RUNNING && (down || to == ServerState.STOPPED)) {
            events.add(exited(after));
        } else if (from == ServerState.STARTING && down) {
            events.add(new ServerEvent("start failed", Activity.ERROR, reason(after)));
        }
        if (to == ServerState.FAILED && from != to) {
            events.add(new ServerEvent("quarantined", Activity.ERROR, reason(after)));
        } else if (to == ServerState.RUNNING && from != to) {
            events.add(plain(after.restarts() > 0 ? "restarted" : "started"));
        } else if (events.isEmpty() && from != to) {
            events.add(plain(to.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
        }
        return events;
    }

    private static ServerEvent plain(String name) {
        return new ServerEvent(name, Activity.OK, null);
    }

    private static ServerEvent exited(ServerStatus after) {
        String cause = after.lastExit().map(BridgeExit::cause).map(Enum::name).orElse(Activity.ERROR);
        return new ServerEvent(
                "exited", cause, after.lastExit().map(BridgeExit::detail).orElse(null));
    }

    private static @Nullable String reason(ServerStatus after) {
        return after.lastError()
                .or(() -> after.lastExit().map(BridgeExit::detail))
                .orElse(null);
    }
}
