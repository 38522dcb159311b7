package io.agenthub.api.activity;

/** How activities are written as text, one to a line. */
public enum ActivityFormat {
    /** One JSON object per line. */
    JSON_LINES("application/jsonl", "jsonl") {
        @Override
        public String header() {
            return "";
        }

        @Override
        public void write(Activity activity, StringBuilder out) {
            ActivityJson.write(activity, out);
            out.append('\n');
        }
    },

    /**
     * Comma-separated values as in RFC 4180, with a header. Times are ISO-8601, durations milliseconds. A field that a
     * spreadsheet would take for a formula begins with an apostrophe.
     */
    CSV("text/csv; charset=utf-8; header=present", "csv") {
        @Override
        public String header() {
            return ActivityCsv.HEADER;
        }

        @Override
        public void write(Activity activity, StringBuilder out) {
            ActivityCsv.write(activity, out);
        }
    };

    private final String mediaType;
    private final String extension;

    ActivityFormat(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    /**
     * What an HTTP answer calls it.
     *
     * @return the value of {@code Content-Type}
     */
    public String mediaType() {
        return mediaType;
    }

    /**
     * How a file of it is named.
     *
     * @return the extension, without a dot
     */
    public String extension() {
        return extension;
    }

    /**
     * What comes before the first activity.
     *
     * @return whole lines, or nothing
     */
    public abstract String header();

    /**
     * Writes one activity. Control characters in names are escaped, so that one activity is one line whatever a client calls
     * itself.
     *
     * @param activity what to write
     * @param out where to
     */
    public abstract void write(Activity activity, StringBuilder out);
}
