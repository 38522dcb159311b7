package io.agenthub.bench.load.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseReaderTest {
    private static final String SIZED = "HTTP/1.1 200 OK\r\nContent-Type: x\r\nconTENT-length: 5\r\n\r\nhello";
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\na\r\n, world ok\r\n0\r\n\r\n";

    private final ResponseReader reader = new ResponseReader();

    private boolean read(String bytes) {
        return reader.read(Unpooled.copiedBuffer(bytes, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1_000})
    void aSizedBodyIsCompleteWithItsLastByteHoweverItIsCut(int piece) {
        for (int i = 0; i < SIZED.length(); i += piece) {
            int end = Math.min(SIZED.length(), i + piece);
            assertEquals(end == SIZED.length(), read(SIZED.substring(i, end)));
        }

        assertEquals(200, reader.status());
        assertEquals("hello", reader.bodyText());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1_000})
    void chunksAreJoinedHoweverTheyAreCut(int piece) {
        for (int i = 0; i < CHUNKED.length(); i += piece) {
            int end = Math.min(CHUNKED.length(), i + piece);
            assertEquals(end == CHUNKED.length(), read(CHUNKED.substring(i, end)));
        }

        assertEquals("hello, world ok", reader.bodyText());
    }

    @Test
    void aStreamOfOneEventIsCompleteWithTheChunkThatEndsIt() {
        String event = "id: 5f0c\nevent: message\ndata: {\"id\":1}\n\n";
        String head = String.join(
                "\r\n",
                "HTTP/1.1 200 ",
                "Connection: keep-alive",
                "Content-Type: text/event-stream;charset=UTF-8",
                "Transfer-Encoding: chunked",
                "\r\n");

        assertFalse(read(head + Integer.toHexString(event.length()) + "\r\n" + event + "\r\n"));
        assertTrue(read("0\r\n\r\n"));
        assertEquals(200, reader.status());
        assertEquals(event, reader.bodyText());
        assertFalse(reader.closing());
    }

    @Test
    void responsesThatComeTogetherAreReadOneByOne() {
        assertTrue(read(SIZED + CHUNKED + SIZED.replace("hello", "again") + "HTTP/1.1 5"));
        assertEquals("hello", reader.bodyText());
        assertTrue(reader.next());
        assertEquals("hello, world ok", reader.bodyText());
        assertTrue(reader.next());
        assertEquals("again", reader.bodyText());
        assertFalse(reader.next());
        assertTrue(read("03 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
        assertEquals(503, reader.status());
        assertTrue(reader.closing());
        assertEquals("", reader.bodyText());
    }

    @Test
    void aLongBodyIsTakenWhole() {
        String body = "x".repeat(100_000);

        assertTrue(read("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n" + body));
        assertEquals(body, reader.bodyText());
    }
}
