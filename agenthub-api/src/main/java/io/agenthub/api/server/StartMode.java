package io.agenthub.api.server;

/** When a server is started. */
public enum StartMode {
    /** With the hub; the hub does not wait for it. */
    EAGER,
    /** With its first call. */
    ON_DEMAND
}
