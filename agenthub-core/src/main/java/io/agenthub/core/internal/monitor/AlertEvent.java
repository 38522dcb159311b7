package io.agenthub.core.internal.monitor;

import io.agenthub.api.monitor.Alert;

/** Puts alerts into a flight recording, where the runtime has one: the module {@code jdk.jfr} is optional. */
final class AlertEvent {
    private static final boolean RECORDABLE = recordable();

    private AlertEvent() {}

    private static boolean recordable() {
        try {
            new FlightRecord();
            return true;
        } catch (LinkageError e) {
            return false;
        }
    }

    static void emit(Alert alert, boolean raised) {
        if (RECORDABLE) {
            FlightRecord.commit(alert, raised);
        }
    }
}
