package io.agenthub.examples.gateway;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Logs what one class says. Thread-safe. */
final class LineLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    private final Level least;

    LineLogger(String name, Level least) {
        this.name = name;
        this.least = least;
    }

    /** Made with the first line. */
    private static final class Moments {
        static final DateTimeFormatter FORMAT =
                new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

        private Moments() {}
    }

    private boolean shows(Level level) {
        return level.toInt() >= least.toInt();
    }

    @Override
    public boolean isTraceEnabled() {
        return shows(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return shows(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return shows(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return shows(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return shows(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String message,
            Object @Nullable [] arguments,
            @Nullable Throwable cause) {
        write(line(Instant.now(), level, MessageFormatter.basicArrayFormat(message, arguments), cause));
    }

    /** What is written of an event, with its line ends. */
    String line(Instant moment, Level level, @Nullable String message, @Nullable Throwable cause) {
        String end = System.lineSeparator();
        String line = Moments.FORMAT.format(moment) + " " + level + " " + name.substring(name.lastIndexOf('.') + 1)
                + " - " + message + end;
        if (cause == null) {
            return line;
        }
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace, true));
        return line + trace;
    }

    /** In one piece, so that lines of several threads do not mix. */
    private static void write(String lines) {
        System.err.print(lines);
        System.err.flush();
    }
}
