package io.agenthub.bench.load.report;

/** Whether a target was met. In order, from the worst. */
public enum Verdict {
    /** Nothing is known. */
    NOT_MEASURED("not measured"),
    /** Missed in every round. */
    NOT_MET("**not met**"),
    /** Missed in the middle of the rounds, met in some. */
    MISSED_MOSTLY("**not met** (in some rounds it is)"),
    /** Met in the middle of the rounds, missed in some. */
    MET_MOSTLY("met (not in every round)"),
    /** Met in every round. */
    MET("met");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    /**
     * What a report says.
     *
     * @return Markdown
     */
    public String text() {
        return text;
    }
}
