package io.agenthub.core.internal.monitor;

import io.agenthub.api.Scheduler;
import io.agenthub.api.monitor.Alert;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The alerts of one hub: raised and cleared on the control thread, read from any. */
final class Alerts {
    private static final Logger log = LoggerFactory.getLogger(Alerts.class);

    private final Scheduler scheduler;
    private final AlertListener listener;
    private final Map<Subject, Threshold> thresholds = new LinkedHashMap<>();
    private final Map<Subject, Alert> active = new LinkedHashMap<>();
    private volatile List<Alert> shown = List.of();
    private volatile Map<Alert.Kind, Long> raised = Map.of();

    /** Written out, because what a record comes with is put together by method handles, whose first use a start can do without. */
    private record Subject(Alert.Kind kind, Object what) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Subject that && kind == that.kind && what.equals(that.what);
        }

        @Override
        public int hashCode() {
            return kind.hashCode() * 31 + what.hashCode();
        }
    }

    Alerts(Scheduler scheduler, AlertListener listener) {
        this.scheduler = scheduler;
        this.listener = listener;
    }

    /**
     * Looks at a value.
     *
     * @param what whose value it is; stays the same
     * @param name how it is called in the alert
     * @param value not a number means that there is nothing to see this time
     */
    void look(Alert.Kind kind, Object what, String name, double value, double limit) {
        if (Double.isNaN(value)) {
            return;
        }
        Subject subject = new Subject(kind, what);
        switch (thresholds
                .computeIfAbsent(subject, any -> new Threshold(limit, looksToRaise(kind)))
                .look(value)) {
            case RAISED -> raise(subject, new Alert(kind, name, value, limit, scheduler.now()));
            case CLEARED -> clear(subject, value);
            case NONE -> refresh(subject, value);
        }
    }

    /** A loop that had to load classes, or waited for a core once, is not blocked. */
    private static int looksToRaise(Alert.Kind kind) {
        return kind == Alert.Kind.LOOP_LAG ? 5 : 2;
    }

    private void raise(Subject subject, Alert alert) {
        active.put(subject, alert);
        shown = List.copyOf(active.values());
        Map<Alert.Kind, Long> counts = new EnumMap<>(Alert.Kind.class);
        counts.putAll(raised);
        counts.merge(alert.kind(), 1L, Long::sum);
        raised = Map.copyOf(counts);
        tell(log.atWarn(), alert, "Alert raised: ");
        AlertEvent.emit(alert, true);
        listener.raised(alert);
    }

    /** One that stands shows what was seen last. */
    private void refresh(Subject subject, double value) {
        Alert before = active.get(subject);
        if (before != null) {
            active.put(subject, with(before, value));
            shown = List.copyOf(active.values());
        }
    }

    private static Alert with(Alert before, double value) {
        return new Alert(before.kind(), before.subject(), value, before.limit(), before.since());
    }

    private void clear(Subject subject, double value) {
        Alert before = active.remove(subject);
        shown = List.copyOf(active.values());
        if (before != null) {
            Alert alert = with(before, value);
            tell(log.atInfo(), alert, "Alert cleared: ");
            AlertEvent.emit(alert, false);
            listener.cleared(alert);
        }
    }

    private static void tell(LoggingEventBuilder event, Alert alert, String what) {
        event.addKeyValue("kind", alert.kind())
                .addKeyValue("subject", alert.subject())
                .addKeyValue("value", alert.value())
                .addKeyValue("limit", alert.limit())
                .log(what + alert.describe());
    }

    List<Alert> active() {
        return shown;
    }

    Map<Alert.Kind, Long> raised() {
        return raised;
    }
}
