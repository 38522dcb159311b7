package io.agenthub.core.internal.monitor;

import io.agenthub.api.monitor.Alert;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** An alert in a flight recording. */
@Name("io.agenthub.Alert")
@Label("AgentHub Alert")
@Category("AgentHub")
@Description("A limit of the hub's monitor was passed, or is kept again")
@StackTrace(false)
final class FlightRecord extends Event {
    @Label("Kind")
    String kind = "";

    @Label("Subject")
    String subject = "";

    @Label("Value")
    double value;

    @Label("Limit")
    double limit;

    @Label("Raised")
    @Description("False when the alert is cleared")
    boolean raised;

    static void commit(Alert alert, boolean raised) {
        FlightRecord event = new FlightRecord();
        if (event.shouldCommit()) {
            event.kind = alert.kind().name();
            event.subject = alert.subject();
            event.value = alert.value();
            event.limit = alert.limit();
            event.raised = raised;
            event.commit();
        }
    }
}
