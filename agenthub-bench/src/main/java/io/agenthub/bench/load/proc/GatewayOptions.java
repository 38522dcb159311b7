package io.agenthub.bench.load.proc;

import java.util.List;

/**
 * How a gateway is started.
 *
 * @param children how many stub servers stand behind it: {@code stub0} and so on
 * @param small whether they are small instead of fast
 * @param flags more options for its JVM, after the application's own
 * @param activities whether calls are recorded
 * @param connections the connections it must accept
 * @param pinned whether it is pinned to its processor, where anything is
 */
public record GatewayOptions(
        int children, boolean small, List<String> flags, boolean activities, int connections, boolean pinned) {

    /** One fast server, every feature on. */
    public static final GatewayOptions DEFAULT = new GatewayOptions(1, false, List.of(), true, 0, true);

    /**
     * With many small servers.
     *
     * @param count how many
     * @return changed options
     */
    public GatewayOptions withSmallChildren(int count) {
        return new GatewayOptions(count, true, flags, activities, connections, pinned);
    }

    /**
     * With more JVM options.
     *
     * @param more the options
     * @return changed options
     */
    public GatewayOptions withFlags(List<String> more) {
        return new GatewayOptions(children, small, List.copyOf(more), activities, connections, pinned);
    }

    /**
     * With more connections than the application accepts by default.
     *
     * @param most how many
     * @return changed options
     */
    public GatewayOptions withConnections(int most) {
        return new GatewayOptions(children, small, flags, activities, most, pinned);
    }

    /**
     * Free to use every processor.
     *
     * @return changed options
     */
    public GatewayOptions unpinned() {
        return new GatewayOptions(children, small, flags, activities, connections, false);
    }

    /**
     * Without a record of calls.
     *
     * @return changed options
     */
    public GatewayOptions withoutActivities() {
        return new GatewayOptions(children, small, flags, false, connections, pinned);
    }
}
