package io.agenthub.gateway.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a header's value may hold, wherever in it that stands: values are looked at eight bytes at once. */
class HeadScannerTest {
    private static final String BEFORE = "GET / HTTP/1.1\r\nX: ";
    private static final int LENGTH = 19;

    /** Whether the head is complete in the end; false if it is refused. */
    private static boolean isTaken(byte[] head, int piece) {
        HeadScanner scanner = new HeadScanner(HttpServerFixture.LIMITS);
        ByteBuf in = Unpooled.buffer(head.length);
        try {
            boolean complete = false;
            for (int at = 0; at < head.length; at += piece) {
                in.writeBytes(head, at, Math.min(piece, head.length - at));
                complete = scanner.scan(in);
            }
            return complete;
        } catch (Refusal e) {
            return false;
        } finally {
            in.release();
        }
    }

    private static boolean isAllowed(int value) {
        return value == '\t' || (value >= ' ' && value != 0x7F);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 1000})
    void everyByteIsJudgedTheSameInEveryPlace(int piece) {
        byte[] head = (BEFORE + "v".repeat(LENGTH) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        for (int place = 0; place < LENGTH; place++) {
            for (int value = 0; value < 256; value++) {
                head[BEFORE.length() + place] = (byte) value;

                assertEquals(isAllowed(value), isTaken(head, piece), value + " as byte " + place + " of the value");
            }
            head[BEFORE.length() + place] = 'v';
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x1F, 0x7F})
    void whatIsAllowedDoesNotHideWhatIsNot(int bad) {
        for (int around : new int[] {0x20, 0x7E, 0x80, 0xFF, '\t'}) {
            byte[] head = (BEFORE + "v".repeat(LENGTH) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int place = 1; place < LENGTH - 1; place++) {
                byte[] odd = head.clone();
                odd[BEFORE.length() + place - 1] = (byte) around;
                odd[BEFORE.length() + place + 1] = (byte) around;

                assertTrue(isTaken(odd, odd.length), around + " around byte " + place);
                odd[BEFORE.length() + place] = (byte) bad;
                assertFalse(isTaken(odd, odd.length), bad + " as byte " + place + " between " + around);
            }
        }
    }
}
