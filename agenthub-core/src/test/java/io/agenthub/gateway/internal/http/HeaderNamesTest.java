package io.agenthub.gateway.internal.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.util.AsciiString;
import org.junit.jupiter.api.Test;

class HeaderNamesTest {
    private final HeaderNames names = new HeaderNames();

    private AsciiString of(String name) {
        byte[] line = ("\r\n" + name + ": 1").getBytes(US_ASCII);
        return names.of(line, 2, name.length());
    }

    @Test
    void aNameIsMadeOnceForEachWayToWriteIt() {
        AsciiString first = of("Mcp-Session-Id");
        assertEquals("Mcp-Session-Id", first.toString());
        assertSame(first, of("Mcp-Session-Id"));
        assertEquals("mcp-session-id", of("mcp-session-id").toString());
        assertEquals("Mcp-Session", of("Mcp-Session").toString(), "the beginning of a known one is another");
        assertSame(first, of("Mcp-Session-Id"));
    }

    @Test
    void namesOfTheSamePlaceTakeTurnsAndAreNeverTakenForEachOther() {
        AsciiString first = of("Aa");
        assertEquals("BB", of("BB").toString(), "they share a hash code, and nothing else");
        assertEquals(first, of("Aa"));
        assertNotSame(first, of("Aa"));
    }

    @Test
    void whatIsLongIsMadeEachTime() {
        String longest = "x".repeat(64);
        assertSame(of(longest), of(longest));
        String longer = "x".repeat(65);
        assertEquals(longer, of(longer).toString());
        assertNotSame(of(longer), of(longer));
    }
}
