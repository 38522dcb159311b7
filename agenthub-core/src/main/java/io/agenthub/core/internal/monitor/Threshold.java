package io.agenthub.core.internal.monitor;

/** Tells when a value has passed its limit, and when that is over, without flapping. Confined to one thread. */
final class Threshold {
    private static final int LOOKS_TO_CLEAR = 3;
    private static final double CLEAR_AT = 0.8;

    /** What a look changed. */
    enum Change {
        NONE,
        RAISED,
        CLEARED
    }

    private final double limit;
    private final int looksToRaise;
    private boolean raised;
    private int looks;

    Threshold(double limit, int looksToRaise) {
        this.limit = limit;
        this.looksToRaise = looksToRaise;
    }

    Change look(double value) {
        boolean against = raised ? value <= limit * CLEAR_AT : value > limit;
        looks = against ? looks + 1 : 0;
        if (looks < (raised ? LOOKS_TO_CLEAR : looksToRaise)) {
            return Change.NONE;
        }
        looks = 0;
        raised = !raised;
        return raised ? Change.RAISED : Change.CLEARED;
    }
}
