package io.agenthub.mcp.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Streams of events, wherever their pieces begin and end. */
class EventReaderTest {
    private static final String STREAM =
            "\uFEFFretry: 250\n\n: a comment\r\ndata: one\r\n\r\nid: 1\rdata:two\rdata: lines\r\r"
                    + "event: other\ndata:  é漢😀\n\nid: 2\ndata\n\nretry: soon\nid: a\u0000b\nunknown: x\n\ndata: unfinished";
    private static final List<String> EVENTS =
            List.of("retry 250", ":one", "id 1", ":two\nlines", "other: é漢😀", "id 2", ":");

    private static final class Recorder implements EventReader.Sink {
        private final List<String> events = new ArrayList<>();

        @Override
        public void event(String type, byte[] data) {
            events.add(type + ":" + new String(data, StandardCharsets.UTF_8));
        }

        @Override
        public void lastEventId(String id) {
            events.add("id " + id);
        }

        @Override
        public void retry(long millis) {
            events.add("retry " + millis);
        }

        @Override
        public void eventTooLong() {
            events.add("too long");
        }
    }

    private static List<String> read(int most, List<byte[]> pieces) {
        Recorder recorder = new Recorder();
        EventReader reader = new EventReader(most, recorder);
        pieces.forEach(reader::feed);
        return recorder.events;
    }

    @Test
    void theSameEventsComeOutHoweverTheStreamIsCut() {
        byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertEquals(
                    EVENTS,
                    read(100, List.of(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length))),
                    "cut at " + cut);
        }
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<byte[]> pieces = new ArrayList<>();
            for (int from = 0; from < bytes.length; ) {
                int to = Math.min(bytes.length, from + random.nextInt(5));
                pieces.add(Arrays.copyOfRange(bytes, from, to));
                from = to;
            }
            assertEquals(EVENTS, read(100, pieces));
        }
    }

    @Test
    void anEventThatIsTooLongIsPassedOverAndTheNextOneComes() {
        String stream = "data: " + "x".repeat(10) + "\n\ndata: " + "y".repeat(11)
                + "\n\ndata: ok\n\ndata: aaaaa\ndata: bbbbb\n\n" + "data: " + "z".repeat(5_000)
                + "\n\n:c\ndata: end\n\n";
        List<String> expected = List.of(":" + "x".repeat(10), "too long", ":ok", "too long", "too long", ":end");
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        assertEquals(expected, read(10, List.of(bytes)));
        List<byte[]> single = new ArrayList<>();
        for (byte b : bytes) {
            single.add(new byte[] {b});
        }
        assertEquals(expected, read(10, single));
    }

    @Test
    void anIdCountsOnceItsEventIsThereToItsEnd() {
        String begun = "id: 1\ndata: one\n\nid: 2\ndata: tw";

        assertEquals(List.of("id 1", ":one"), read(100, List.of(begun.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void anIdThatNoHeaderCanCarryAsItIsCountsAsNone() {
        for (String id : List.of(" a", "a ", " ", "\ta", "a\t", "a\tb", "a\u0000b", "a\u001Bb", "a\u007Fb")) {
            String stream = "id: known\ndata: 1\n\nid: " + id + "\ndata: 2\n\n";
            assertEquals(
                    List.of("id known", ":1", ":2"),
                    read(100, List.of(stream.getBytes(StandardCharsets.UTF_8))),
                    () -> "id '" + id + "'");
        }
    }

    @Test
    void anIdThatIsEmptyOrHasABlankWithinIsGivenAsItIs() {
        byte[] stream = "id: a b\ndata: 1\n\nid:\ndata: 2\n\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(List.of("id a b", ":1", "id ", ":2"), read(100, List.of(stream)));
    }

    @Test
    void anIdIsGivenAsTheBytesThatItCameAs() {
        byte[] id = {'i', 'd', ':', ' ', (byte) 0xD0, (byte) 0xBA, '-', (byte) 0xFF, '\n', '\n'};
        assertEquals(List.of("id \u00D0\u00BA-\u00FF"), read(100, List.of(id)));
    }
}
