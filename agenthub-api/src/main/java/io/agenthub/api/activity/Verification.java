package io.agenthub.api.activity;

import io.agenthub.api.rpc.JsonText;
import java.util.Optional;

/**
 * What a check of the hash chain found.
 *
 * @param checked how many activities were read
 * @param fault the first thing that is wrong; empty if the chain is intact
 * @param anchor where the chain begins now; everything up to it was removed by retention or on request
 * @param head where the chain ends; empty if the store keeps no chain
 * @param headsChecked how many heads could be compared: of those given, and of those the store exported itself. Heads older
 *     than the anchor cannot
 */
public record Verification(
        long checked, Optional<Fault> fault, Optional<ChainHead> anchor, Optional<ChainHead> head, int headsChecked) {

    /**
     * Whether nothing is wrong.
     *
     * @return true if there is no fault
     */
    public boolean intact() {
        return fault.isEmpty();
    }

    /**
     * The finding for programs.
     *
     * @return an object with {@code intact}, {@code checked}, {@code headsChecked} and what is known of {@code fault}, {@code
     *     anchor} and {@code head}
     */
    public JsonText toJson() {
        return ActivityJson.verification(this);
    }

    /**
     * The first thing that is wrong.
     *
     * @param sequence the activity concerned
     * @param problem what is wrong with it
     */
    public record Fault(long sequence, Problem problem) {}

    /** What can be wrong with an activity. */
    public enum Problem {
        /** It is not what was written, or its link is not. */
        CHANGED,
        /** It is gone. */
        MISSING,
        /** It was never written by the store: it lies before the anchor or after the head. */
        UNEXPECTED,
        /** The chain holds together, but not with a head that was kept elsewhere: it was written anew. */
        REWRITTEN,
        /** The anchor was not left by this store, so activities may have been removed by somebody else. */
        FORGED_ANCHOR
    }
}
