package io.agenthub.core.internal.monitor;

import io.agenthub.api.monitor.Alert;

/** Hears of alerts, on the control thread; must neither block nor throw. */
public interface AlertListener {

    /**
     * A limit is passed.
     *
     * @param alert which
     */
    void raised(Alert alert);

    /**
     * It is kept again.
     *
     * @param alert which
     */
    void cleared(Alert alert);
}
