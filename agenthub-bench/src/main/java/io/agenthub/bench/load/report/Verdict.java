package io.agenthub.bench.load.report;

/** Whether a target was met. In order, from the worst. */
public enum Verdict {
    /** Nothing is known. */
    NOT_MEASURED("not measured"),
    /** Missed every time. */
    NOT_MET("**not met**"),
    /** Missed at the median, met at times. */
    MISSED_MOSTLY("**not met** (at times it is)"),
    /** Met at the median, missed at times. */
    MET_MOSTLY("met (not every time)"),
    /** Met every time. */
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
