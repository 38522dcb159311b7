package io.agenthub.examples.gateway.figures;

import java.util.Locale;

/** Prints the line of a figure, and reads its size. */
final class Figure {
    private final String name;
    private final StringBuilder line = new StringBuilder();
    private boolean pass = true;

    Figure(String name) {
        this.name = name;
    }

    /** How large to run: the property {@code figures.<name>}, or the size for every build. */
    static int size(String name, int usual) {
        return Integer.getInteger("figures." + name, usual);
    }

    /** A number worth printing. */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation would bring a dependency
    Figure with(String format, Object... values) {
        line.append(line.length() == 0 ? "" : ", ").append(String.format(Locale.ROOT, format, values));
        return this;
    }

    /** A target; missed, it turns the printed word into FAIL. What must hold on any machine is asserted beside it. */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation would bring a dependency
    Figure target(boolean met, String format, Object... values) {
        pass &= met;
        return with(format + (met ? "" : " (missed)"), values);
    }

    /** Prints the line. */
    void print() {
        System.out.println(this);
    }

    @Override
    public String toString() {
        return "figure " + name + ": " + line + ": " + (pass ? "pass" : "FAIL");
    }
}
