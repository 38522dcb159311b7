package io.agenthub.ollama;

import java.util.Locale;

/** Why a prompt was passed through. */
enum PassReason {
    /** There is nothing to improve. */
    EMPTY,
    /** It is longer than allowed. */
    TOO_LONG,
    /** It is not text: half a character, or nothing a model could read. */
    NOT_TEXT,
    /** There are no rules. */
    NO_RULES,
    /** The rule says so. */
    DISABLED,
    /** The time budget is used up. */
    TIMEOUT,
    /** All slots are taken. */
    BUSY,
    /** The breaker is open. */
    BREAKER_OPEN,
    /** No model could be asked. */
    UNREACHABLE,
    /** Every model failed. */
    FAILED,
    /** What the models wrote cannot be used. */
    UNUSABLE,
    /** The enhancer is closed. */
    CLOSED;

    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
