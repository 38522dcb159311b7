package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LineLoggerTest {
    private static final Instant MOMENT = Instant.parse("2026-01-02T03:04:05.060Z");

    private final LineLogger logger = new LineLogger("io.agenthub.core.Hub", Level.INFO);

    @Test
    void anEventIsOneLineWithItsMomentItsLevelAndItsClass() {
        assertEquals(
                "2026-01-02T03:04:05.060Z WARN Hub - port=1 Cannot listen" + System.lineSeparator(),
                logger.line(MOMENT, Level.WARN, "port=1 Cannot listen", null));
    }

    @Test
    void aCauseFollowsItsEvent() {
        String lines = logger.line(MOMENT, Level.ERROR, "Lost", new IllegalStateException("why"));
        assertTrue(
                lines.contains(" ERROR Hub - Lost" + System.lineSeparator() + "java.lang.IllegalStateException: why"));
        assertTrue(lines.contains("aCauseFollowsItsEvent"));
        assertTrue(lines.endsWith(System.lineSeparator()));
    }

    @Test
    void whatIsBelowTheLevelIsNotShown() {
        assertFalse(logger.isTraceEnabled());
        assertFalse(logger.isDebugEnabled());
        assertTrue(logger.isInfoEnabled());
        assertTrue(logger.isWarnEnabled());
        assertTrue(logger.isErrorEnabled());
    }

    @Test
    void theGatewayLogsByIt() {
        assertEquals(LineLogger.class, LoggerFactory.getLogger("any").getClass());
    }
}
