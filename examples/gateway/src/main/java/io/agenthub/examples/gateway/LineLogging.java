package io.agenthub.examples.gateway;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Logs to standard error, a line each: the moment, the level, the class, and what happened. {@code -Dagenthub.log=debug} shows
 * more, {@code warn} less; default {@code info}.
 *
 * <p>Of our own, because whatever else writes a date loads the calendars of the world first, which is a tenth of the whole start.
 */
public final class LineLogging implements SLF4JServiceProvider {
    private static final String LEVEL = "agenthub.log";

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new NOPMDCAdapter();
    private ILoggerFactory loggers = name -> new LineLogger(name, Level.INFO);

    /** For {@link java.util.ServiceLoader}. */
    public LineLogging() {}

    @Override
    public void initialize() {
        Level least = level(System.getProperty(LEVEL, "info"));
        Map<String, LineLogger> known = new ConcurrentHashMap<>();
        loggers = name -> known.computeIfAbsent(name, unknown -> new LineLogger(unknown, least));
    }

    private static Level level(String name) {
        for (Level level : Level.values()) {
            if (level.name().equalsIgnoreCase(name)) {
                return level;
            }
        }
        return Level.INFO;
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return loggers;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }
}
