package io.agenthub.mcp.internal.stdio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineFramerTest {
    private static final int LIMIT = 64;

    private final List<String> lines = new ArrayList<>();
    private final List<Long> tooLong = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final PieceStock stock = new PieceStock(task -> {});
    private final LineFramer framer = new LineFramer(LIMIT, stock, gathering());

    private LineFramer.Sink gathering() {
        return new LineFramer.Sink() {
            @Override
            public void line(byte[] bytes, int from, int to) {
                lines.add(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
            }

            @Override
            public void lineTooLong(EnvelopeScan envelope) {
                tooLong.add(envelope.length());
                ids.add(envelope.answerId().orElse("none"));
            }
        };
    }

    private void feed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        framer.feed(bytes, 0, bytes.length);
    }

    @Test
    void linesEndAtLineFeedsAlone() {
        feed("one\ntwo\r\n\u0085\u000b\f\rthree\n\nfo\u0000ur");
        assertEquals(List.of("one", "two", "\u0085\u000b\f\rthree", ""), lines);
        framer.finish();
        assertEquals("fo\u0000ur", lines.get(4));
        framer.finish();
        assertEquals(5, lines.size());
    }

    @Test
    void unicodeLineSeparatorsAreOrdinaryBytes() {
        byte[] separators = "\"\u2028\u2029\u0085\"\n".getBytes(StandardCharsets.UTF_8);
        framer.feed(separators, 0, separators.length);
        assertEquals(1, lines.size());
    }

    @Test
    void aLineOfExactlyTheLimitPassesAndOneByteMoreDoesNot() {
        feed("x".repeat(LIMIT) + "\n" + "y".repeat(LIMIT) + "\r\n" + "z".repeat(LIMIT + 1) + "\nok\n");
        assertEquals(List.of("x".repeat(LIMIT), "y".repeat(LIMIT), "ok"), lines);
        assertEquals(List.of(LIMIT + 1L), tooLong);
    }

    @Test
    void theLimitHoldsAlsoForALineWithoutEndAndForPieces() {
        for (int i = 0; i < LIMIT; i++) {
            feed("x");
        }
        feed("\n");
        for (int i = 0; i < 10_000; i++) {
            feed("abcdefgh");
        }
        feed("\nnext\n");
        assertEquals(List.of("x".repeat(LIMIT), "next"), lines);
        assertEquals(List.of(80_000L), tooLong);
        feed("y".repeat(LIMIT + 5));
        framer.finish();
        assertEquals(List.of(80_000L, LIMIT + 5L), tooLong);
    }

    @Test
    void theIdOfALineTooLongIsFoundWhereverItStands() {
        String filling = "f".repeat(LIMIT);
        feed("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":\"" + filling + "\"}\n");
        feed("{\"result\":{\"id\":1,\"x\":[\"\\\"},\\\\\",{\"id\":2}],\"t\":\"" + filling + "\"},\"id\" : \"8\" }\r\n");
        feed("{\"method\":\"m\",\"id\":9,\"params\":\"" + filling + "\"}\n");
        feed("[{\"id\":10},\"" + filling + "\"]\n");
        feed("noise {\"id\":11} " + filling + "\n");
        assertEquals(List.of("7", "\"8\"", "none", "none", "none"), ids);
    }

    /** Chunks are searched in blocks, whose borders may stand anywhere. */
    @Test
    void aLineEndIsFoundWhereverItStands() {
        List<Integer> got = new ArrayList<>();
        LineFramer wide = new LineFramer(1 << 16, stock, new LineFramer.Sink() {
            @Override
            public void line(byte[] line, int from, int to) {
                got.add(to - from);
            }

            @Override
            public void lineTooLong(EnvelopeScan envelope) {
                got.add(-1);
            }
        });
        for (int at = 0; at < 1_700; at++) {
            // A vertical tab and a byte above 0x7F are what a hasty search takes for a line feed.
            byte[] bytes = new byte[1_702];
            Arrays.fill(bytes, at % 2 == 0 ? (byte) 0x0B : (byte) 0x8A);
            bytes[at] = '\n';
            bytes[1_701] = '\n';
            wide.feed(bytes, 0, bytes.length);
            assertEquals(List.of(at, 1_700 - at), got);
            got.clear();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theFramesDoNotDependOnWhereTheReadsCutThem(long seed) {
        Random random = new Random(seed);
        byte[] stream = randomStream(random, 4_000);
        framer.feed(stream, 0, stream.length);
        framer.finish();
        List<String> whole = List.copyOf(lines);
        List<Long> wholeTooLong = List.copyOf(tooLong);
        assertTrue(whole.size() > 10, "a poor test: " + whole.size());
        for (int round = 0; round < 200; round++) {
            lines.clear();
            tooLong.clear();
            for (int at = 0; at < stream.length; ) {
                int n = Math.min(stream.length - at, 1 + random.nextInt(round % 2 == 0 ? 3 : 97));
                byte[] chunk = Arrays.copyOfRange(stream, at, at + n);
                framer.feed(chunk, 0, n);
                // Reads reuse their buffer: what was kept of it must have been copied.
                Arrays.fill(chunk, (byte) '!');
                at += n;
            }
            framer.finish();
            assertEquals(whole, lines, "seed " + seed + ", round " + round);
            assertEquals(wholeTooLong, tooLong, "seed " + seed + ", round " + round);
        }
    }

    private static byte[] randomStream(Random random, int length) {
        byte[] stream = new byte[length];
        for (int i = 0; i < length; i++) {
            int kind = random.nextInt(40);
            stream[i] = kind == 0 ? (byte) '\n' : kind == 1 ? (byte) '\r' : (byte) random.nextInt(256);
        }
        return stream;
    }

    @Test
    void theFrameIsTheSameCutAtEveryByteOfAFourKilobyteMessage() {
        List<String> got = new ArrayList<>();
        String message = "é漢😀".repeat(400);
        byte[] bytes = (message + "\n").getBytes(StandardCharsets.UTF_8);
        LineFramer wide = new LineFramer(1 << 16, stock, new LineFramer.Sink() {
            @Override
            public void line(byte[] line, int from, int to) {
                got.add(new String(line, from, to - from, StandardCharsets.UTF_8));
            }

            @Override
            public void lineTooLong(EnvelopeScan envelope) {
                got.add("too long");
            }
        });
        for (int cut = 0; cut <= bytes.length; cut++) {
            wide.feed(bytes, 0, cut);
            wide.feed(bytes, cut, bytes.length);
        }
        assertEquals(bytes.length + 1, got.size());
        assertTrue(got.stream().allMatch(message::equals));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void longLinesAreWholeHoweverManyPiecesTheyCameIn(long seed) {
        Random random = new Random(seed);
        List<byte[]> got = new ArrayList<>();
        int limit = 300_000;
        LineFramer wide = new LineFramer(limit, stock, new LineFramer.Sink() {
            @Override
            public void line(byte[] line, int from, int to) {
                got.add(Arrays.copyOfRange(line, from, to));
            }

            @Override
            public void lineTooLong(EnvelopeScan envelope) {
                got.add(new byte[0]);
            }
        });
        byte[] chunk = new byte[64 << 10];
        for (int round = 0; round < 60; round++) {
            byte[] line = new byte[random.nextInt(round % 3 == 0 ? 2_000 : limit + 20_000)];
            random.nextBytes(line);
            for (int i = 0; i < line.length; i++) {
                line[i] |= (byte) 0x10;
            }
            byte[] stream = Arrays.copyOf(line, line.length + 1);
            stream[line.length] = '\n';
            int most = random.nextBoolean() ? chunk.length : 1 + random.nextInt(chunk.length);
            for (int at = 0; at < stream.length; ) {
                int n = Math.min(stream.length - at, 1 + random.nextInt(most));
                System.arraycopy(stream, at, chunk, 0, n);
                wide.feed(chunk, 0, n);
                at += n;
            }
            assertEquals(round + 1, got.size());
            assertArrayEquals(line.length > limit ? new byte[0] : line, got.get(round), "seed " + seed);
        }
        wide.finish();
        assertEquals(60, got.size());
    }

    /** After two of them, the next is put together in an array made for one like them. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void longLinesOfAboutOneLengthAreWholeAndWasteLittle(long seed) {
        Random random = new Random(seed);
        int limit = 420_000;
        int shortest = 3_000;
        byte[] bytes = new byte[limit + 10_000];
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] |= (byte) 0x10;
        }
        List<Integer> waste = new ArrayList<>();
        List<byte[]> got = new ArrayList<>();
        LineFramer wide = new LineFramer(limit, stock, new LineFramer.Sink() {
            @Override
            public void line(byte[] line, int from, int to) {
                waste.add(line.length - to);
                got.add(Arrays.copyOfRange(line, from, to));
            }

            @Override
            public void lineTooLong(EnvelopeScan envelope) {
                waste.add(0);
                got.add(new byte[0]);
            }
        });
        byte[] chunk = new byte[64 << 10];
        for (int round = 0; round < 60; round++) {
            int usual = 200_000 + random.nextInt(4) * 1_500;
            int length = random.nextInt(5) > 0 ? usual : shortest + random.nextInt(bytes.length - shortest);
            byte[] stream = Arrays.copyOf(bytes, length + 1);
            stream[length] = '\n';
            for (int at = 0; at < stream.length; ) {
                int n = Math.min(stream.length - at, 1 + random.nextInt(chunk.length));
                System.arraycopy(stream, at, chunk, 0, n);
                wide.feed(chunk, 0, n);
                at += n;
            }
            byte[] line = length > limit ? new byte[0] : Arrays.copyOf(bytes, length);
            assertArrayEquals(line, got.get(round), "seed " + seed + ", round " + round);
            assertTrue(waste.get(round) <= length / 7, "a line of " + length + " keeps " + waste.get(round) + " more");
            got.set(round, line);
        }
        assertTrue(waste.stream().anyMatch(bytesMore -> bytesMore > 0), "none was put together in such an array");
        wide.finish();
        assertEquals(60, got.size());
    }

    @Test
    void aLineLikeThoseBeforeItLeavesItsPiecesOnceAQuarterIsThere() {
        LineFramer wide = new LineFramer(1 << 20, stock, gathering());
        byte[] chunk = new byte[PieceStock.PIECE_BYTES];
        Arrays.fill(chunk, (byte) 'x');
        for (int i = 0; i < 2; i++) {
            for (int parts = 0; parts < 5; parts++) {
                wide.feed(chunk, 0, chunk.length);
            }
            wide.feed(new byte[] {'\n'}, 0, 1);
        }
        assertEquals(5, stock.spare());
        wide.feed(chunk, 0, chunk.length);
        wide.feed(chunk, 0, chunk.length);
        assertEquals(3, stock.spare());
        wide.feed(chunk, 0, chunk.length);
        assertEquals(5, stock.spare());
        wide.finish();
        assertEquals("x".repeat(3 * chunk.length), lines.get(2));
    }

    @Test
    void whatThereIsNoMemoryForLeavesWhatWasThereBefore() {
        AtomicInteger left = new AtomicInteger(1);
        PieceStock poor = new PieceStock(task -> {}, () -> {
            if (left.getAndDecrement() <= 0) {
                throw new OutOfMemoryError("of a test");
            }
            return Unpooled.directBuffer(PieceStock.PIECE_BYTES, PieceStock.PIECE_BYTES);
        });
        LineFramer wide = new LineFramer(1 << 20, poor, gathering());
        byte[] chunk = new byte[50_000];
        Arrays.fill(chunk, (byte) 'x');
        wide.feed(chunk, 0, chunk.length);
        assertThrows(OutOfMemoryError.class, () -> wide.feed(chunk, 0, chunk.length));
        wide.finish();
        assertEquals(List.of("x".repeat(PieceStock.PIECE_BYTES)), lines);
        assertEquals(1, poor.spare());
        poor.close();
    }

    @Test
    void aLineFeedIsFoundWhereverItStandsAmongItsNeighbours() {
        byte[] stream =
                "\u000b\u0009\u008a\u0000\u00ff".repeat(16).substring(0, 64).getBytes(StandardCharsets.ISO_8859_1);
        for (int first = 0; first < stream.length; first++) {
            for (int second = first; second < stream.length; second++) {
                byte[] bytes = stream.clone();
                bytes[first] = '\n';
                bytes[second] = '\n';
                lines.clear();
                framer.feed(bytes, 0, bytes.length);
                framer.finish();
                String whole = new String(bytes, StandardCharsets.ISO_8859_1);
                assertEquals(
                        whole, String.join("\n", lines) + (whole.endsWith("\n") ? "\n" : ""), first + " and " + second);
            }
        }
    }
}
