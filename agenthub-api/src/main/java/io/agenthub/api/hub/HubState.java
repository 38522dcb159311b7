package io.agenthub.api.hub;

/**
 * Where a hub stands. It passes through these in order, once.
 *
 * <pre>
 *   NEW ──▶ STARTING ──▶ STARTED ──▶ STOPPING ──▶ STOPPED
 *    └──────────┴──────────────────────▲
 * </pre>
 */
public enum HubState {
    /** Built; nothing runs. */
    NEW,
    /** Parts are being opened. */
    STARTING,
    /** Open for calls. */
    STARTED,
    /** No new calls; pending ones drain, then servers stop. */
    STOPPING,
    /** Nothing is left. */
    STOPPED
}
