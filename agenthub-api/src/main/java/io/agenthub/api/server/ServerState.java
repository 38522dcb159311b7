package io.agenthub.api.server;

/**
 * Where a server stands.
 *
 * <pre>
 *              start / first use            handshake done
 *   STOPPED ───────────────────▶ STARTING ─────────────────▶ RUNNING
 *      ▲                          │  ▲                        │   │
 *      │                  failed  │  │ delay over        exit │   │ stop / idle
 *      │                          ▼  │                        │   ▼
 *      │   stop               BACKING_OFF ◀───────────────────┘ STOPPING ──▶ STOPPED
 *      ├──────────────────────────┤
 *      │                          │ too many exits
 *      │   stop                   ▼
 *      └────────────────────── FAILED ── start, or a probe every 5 min ──▶ STARTING
 * </pre>
 */
public enum ServerState {
    /** Not running, and not meant to until it is started or first used. */
    STOPPED,
    /** The process or connection is being opened, the handshake is under way. */
    STARTING,
    /** Ready for calls. */
    RUNNING,
    /** It ended or did not start; the next attempt waits for its delay. */
    BACKING_OFF,
    /** It was told to end. */
    STOPPING,
    /** It ended too often; it stays down until it is started by hand, apart from a rare probe. */
    FAILED
}
