package io.agenthub.mcp.internal.stdio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.mcp.internal.call.Redactor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
    private final Redactor redactor = new Redactor(List.of("s3cr3t-value", "s3cr3t", "1", "true"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "API_KEY=canary0123",
                "api-key: canary0123",
                "\"password\" : \"canary0123\"",
                "DB_PASSWORD='canary0123'",
                "Authorization: Bearer canary0123",
                "authorization: basic canary0123",
                "sent bearer canary0123.x-y",
                "access_token=canary0123&x=1",
                "ghp_canary0123456789",
                "sk-canary0123456789",
                "postgres://user:canary0123@host/db",
                "Set-Cookie: canary0123",
                "MY_SECRET_THING=canary0123"
            })
    void whatLooksLikeASecretIsHidden(String text) {
        assertFalse(redactor.redact("before " + text + " after").contains("canary"), redactor.redact(text));
        assertTrue(redactor.redact("before " + text + " after").contains("before "));
    }

    @Test
    void declaredValuesAreHiddenTheLongerOnesFirst() {
        assertEquals("a [redacted] b [redacted]", redactor.redact("a s3cr3t-value b s3cr3t"));
    }

    @Test
    void shortDeclaredValuesHideNothing() {
        assertEquals("1 is true", redactor.redact("1 is true"));
    }

    @Test
    void ordinaryTextIsLeftAlone() {
        String text = "Error: Cannot find module 'x'\n    at Function._resolveFilename (node:internal:1:2)";
        assertEquals(text, redactor.redact(text));
    }

    @Test
    void longLinesCostLittle() {
        String text = "a".repeat(64 << 10) + "-token".repeat(2_000);
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> redactor.redact(text));
    }

    @Test
    void theTailIsTheLastTwoKilobytesRedacted() {
        StderrTail tail = new StderrTail(redactor);
        for (int i = 0; i < 20_000; i++) {
            append(tail, "line " + i + " é\n");
        }
        append(tail, "token=canary0123");
        String shown = tail.redacted();
        assertTrue(shown.endsWith("line 19999 é\ntoken=[redacted]"), shown);
        int length = shown.getBytes(StandardCharsets.UTF_8).length;
        assertTrue(length <= 2_048 && length > 2_000, "length " + length);
        assertFalse(shown.contains("\uFFFD"), shown);
    }

    @Test
    void aTailThatIsShortIsShownWhole() {
        StderrTail tail = new StderrTail(redactor);
        assertEquals("", tail.redacted());
        append(tail, "out of ");
        append(tail, "luck\n");
        assertEquals("out of luck", tail.redacted());
    }

    @Test
    void aTailCutWithinASecretShowsNoPartOfIt() {
        StderrTail tail = new StderrTail(redactor);
        append(tail, "KEY=" + "canary".repeat(20_000) + " the end");
        assertEquals("the end", tail.redacted());
    }

    @Test
    void aPieceLargerThanTheRingIsKeptByItsEnd() {
        StderrTail tail = new StderrTail(redactor);
        append(tail, "x");
        append(tail, "word ".repeat(40_000) + "last");
        assertTrue(tail.redacted().endsWith("word word last"), tail.redacted());
    }

    private static void append(StderrTail tail, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        tail.append(bytes, 0, bytes.length);
    }
}
