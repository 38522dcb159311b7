package io.agenthub.api.rpc;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ErrorKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which bytes are JSON. */
class JsonSyntaxTest {
    private static final JsonLimits SMALL = new JsonLimits(3, 5, 4, 6);

    private static JsonText read(byte[] json) {
        return JsonText.of(json, JsonLimits.DOOR);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static MalformedMessageException refused(byte[] json) {
        MalformedMessageException refusal = assertThrows(
                MalformedMessageException.class, () -> read(json), () -> new String(json, StandardCharsets.ISO_8859_1));
        assertEquals(MalformedMessageException.PARSE_ERROR, refusal.code());
        assertEquals(ErrorKind.BAD_REQUEST, refusal.kind());
        return refusal;
    }

    /** Long strings are read in blocks, whose borders may stand anywhere. */
    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x1F, 0x22, 0x5C, 0x80, 0xC3, 0xFF})
    void aByteThatEndsOrSpoilsALongStringIsFoundWhereverItStands(int odd) {
        for (int at = 0; at < 1_700; at++) {
            byte[] json = utf8('"' + "x".repeat(1_701) + '"');
            json[1 + at] = (byte) odd;
            int reported = odd == '"' ? at + 2 : at + 1;
            String message = refused(json).getMessage();
            assertTrue(message.endsWith("(byte " + reported + ")"), message);
        }
    }

    @Test
    void whatIsAllowedInALongStringIsPassedOverWhereverItStands() {
        for (String part : new String[] {" ", "!", "#", "\u007f", "[", "]", "\\n", "\\u00e9", "é", "漢", "😀"}) {
            for (int at = 0; at < 1_100; at++) {
                String json = '"' + "x".repeat(at) + part + "y".repeat(700) + '"';
                assertEquals(json, read(utf8(json)).toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "-0",
                "-1",
                "12345678901234567890123",
                "0.5",
                "-0.0",
                "1e5",
                "1E+5",
                "1e-5",
                "1.0e400",
                "\"\"",
                "\"a\"",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                "\"\\u0000\"",
                "\"\\uD800\"",
                "\"\\udBfF\\uDfFf\"",
                "\"é漢😀\"",
                "\"\u007f\u0080\u2028\u2029\"",
                "\"\ufeff\"",
                "[]",
                "[ ]",
                "{}",
                "{ }",
                "[[]]",
                "[1,2]",
                "[1 , 2 ]",
                "{\"a\":1}",
                "{\"a\" : 1 , \"a\" : 2}",
                "{\"\":{\"\":[{}]}}",
                " \t\r\n 1 \t\r\n ",
                "[null,true,false]"
            })
    void theseAreJson(String json) {
        assertEquals(json.strip(), read(utf8(json)).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nul",
                "nulll",
                "True",
                "NaN",
                "Infinity",
                "-",
                "+1",
                "01",
                "-01",
                "1.",
                ".5",
                "1.e5",
                "1e",
                "1e+",
                "0x1",
                "1_000",
                "1f",
                "--1",
                "\"",
                "\"a",
                "'a'",
                "\"\\\"",
                "\"\\a\"",
                "\"\\x41\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\U0041\"",
                "\"\n\"",
                "\"\t\"",
                "\"\u0000\"",
                "\"\u001f\"",
                "[",
                "]",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "[1,,2]",
                "{",
                "}",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{1:1}",
                "{\"a\" 1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":1]",
                "[1}",
                "1 2",
                "{}{}",
                "[] x",
                "1,",
                "// c\n1",
                "/* c */1",
                "1 // c",
                "#1",
                "\u00a01",
                "\u20281",
                "\u000b1",
                "\u000c1",
                "\ufeff1",
                "[1\u0000]",
                "{\"a\":1}\u0000",
                "undefined",
                "[1:2]",
                "{\"a\"::1}"
            })
    void theseAreNot(String json) {
        refused(utf8(json));
    }

    @Test
    void theMessageTellsWhere() {
        assertEquals(
                "Not JSON: expected a value (byte 4)", refused(utf8("[1, x]")).getMessage());
        assertEquals(
                "Not JSON: the text ends where ',' or ']' should stand (byte 2)",
                refused(utf8("[1")).getMessage());
    }

    @Test
    void theMessageShowsNothingOfTheText() {
        assertTrue(!refused(utf8("{\"token\":\"hunter2\" oops}")).getMessage().contains("hunter2"));
    }

    // UTF-8

    @Test
    void otherEncodingsAreRefused() {
        for (String charset : new String[] {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "UTF-16"}) {
            refused("{\"a\":1}".getBytes(java.nio.charset.Charset.forName(charset)));
            refused("1".getBytes(java.nio.charset.Charset.forName("UTF-16")));
        }
        refused("\"é\"".getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Every pair and triple of bytes, and the edges of every four, against the JDK's strict decoder. */
    @Test
    void stringsAreWellFormedUtf8AsTheJdkSeesIt() {
        int[] all = IntStream.range(0x80, 0x100).toArray();
        int[] edges = {0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xed, 0xf0, 0xff};
        compare(all);
        compare(all, all);
        compare(all, all, edges);
        compare(new int[] {0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xfc}, all, edges, edges);
    }

    private static void compare(int[]... places) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        int[] index = new int[places.length];
        byte[] literal = new byte[places.length + 2];
        literal[0] = '"';
        literal[literal.length - 1] = '"';
        do {
            for (int i = 0; i < places.length; i++) {
                literal[i + 1] = (byte) places[i][index[i]];
            }
            if (accepts(literal) != decodes(decoder, literal)) {
                throw new AssertionError("the JDK disagrees on " + Arrays.toString(literal));
            }
        } while (next(index, places));
    }

    private static boolean next(int[] index, int[][] places) {
        for (int i = 0; i < index.length; i++) {
            if (++index[i] < places[i].length) {
                return true;
            }
            index[i] = 0;
        }
        return false;
    }

    private static boolean accepts(byte[] json) {
        try {
            read(json);
            return true;
        } catch (MalformedMessageException e) {
            return false;
        }
    }

    private static boolean decodes(CharsetDecoder decoder, byte[] bytes) {
        try {
            decoder.decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** The scanner reads eight bytes at a time; nothing may hide behind a boundary. */
    @Test
    void whatEndsOrSpoilsAStringIsSeenAtEveryPlace() {
        for (int before = 0; before < 40; before++) {
            String ascii = "x".repeat(before);
            for (int after = 0; after < 20; after++) {
                String rest = "y".repeat(after);
                refused(utf8("\"" + ascii + "\n" + rest + "\""));
                refused(utf8("\"" + ascii + "\u001f" + rest + "\""));
                refused(utf8("\"" + ascii + "\\x" + rest + "\""));
                refused(utf8("\"" + ascii + "\"" + rest + "\""));
                refused(cut(utf8("\"" + ascii + "é" + rest + "\""), before + 2));
                String fine = "\"" + ascii + "\\n é\u007f \\\"" + rest + "\"";
                assertEquals(
                        ascii + "\n é\u007f \"" + rest,
                        read(utf8(fine)).string().orElseThrow());
            }
        }
    }

    private static byte[] cut(byte[] bytes, int at) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.write(bytes, at + 1, bytes.length - at - 1);
        return out.toByteArray();
    }

    @Test
    void aTextCutAnywhereIsNoText() {
        byte[] whole = utf8("{\"a é\":[1,-2.5e3,\"\\u00e9漢😀\"],\"b\":{\"c\":null,\"d\":true}}");
        assertDoesNotThrow(() -> read(whole));
        for (int length = 0; length < whole.length; length++) {
            refused(Arrays.copyOf(whole, length));
        }
    }

    // Limits

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}"})
    void nestingStopsAt128(String kind) {
        String open = kind.equals("[]") ? "[" : "{\"a\":";
        String close = kind.substring(1);
        for (int depth : new int[] {1, 2, 63, 64, 65, 127, 128}) {
            read(utf8(open.repeat(depth - 1) + kind + close.repeat(depth - 1)));
        }
        String tooDeep = open.repeat(128) + kind + close.repeat(128);
        assertTrue(refused(utf8(tooDeep)).getMessage().contains("nesting deeper than 128"));
        refused(utf8(open.repeat(1_000_000)));
    }

    @Test
    void arraysAndObjectsMayAlternateAtEveryDepth() {
        StringBuilder text = new StringBuilder("1");
        for (int depth = 1; depth <= 128; depth++) {
            text = depth % 3 == 0
                    ? new StringBuilder("{\"k\":").append(text).append(",\"l\":[]}")
                    : new StringBuilder("[{},").append(text).append("]");
            if (depth < 128) {
                read(utf8(text.toString()));
            } else {
                refused(utf8(text.toString().replace("{}", "{\"a\":{}}")));
            }
        }
        refused(utf8(text.toString().replaceFirst("]$", "}")));
    }

    @Test
    void limitsHoldToTheLastCharacter() {
        JsonText.of(utf8("[[[1]]]"), SMALL);
        JsonText.of(utf8("-1e55"), SMALL);
        JsonText.of(utf8("{\"abcd\":1}"), SMALL);
        JsonText.of(utf8("[1,2,3,4,5]"), SMALL);
        for (String beyond :
                new String[] {"[[[[]]]]", "123456", "1.2345", "{\"abcde\":1}", "{\"é漢\":1}", "[1,2,3,4,5,6]"}) {
            assertThrows(MalformedMessageException.class, () -> JsonText.of(utf8(beyond), SMALL), beyond);
        }
    }

    @Test
    void theDoorKeepsItsDocumentedLimits() {
        read(utf8("1".repeat(1_000)));
        refused(utf8("1".repeat(1_001)));
        read(utf8("{\"" + "n".repeat(1_024) + "\":1}"));
        refused(utf8("{\"" + "n".repeat(1_025) + "\":1}"));
        read(utf8("[" + "1,".repeat(99_998) + "1]"));
        refused(utf8("[" + "1,".repeat(99_999) + "1]"));
        assertDoesNotThrow(() -> JsonText.of("[" + "1,".repeat(200_000) + "1]"));
    }

    @Test
    void limitsThemselvesAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new JsonLimits(129, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new JsonLimits(0, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new JsonLimits(1, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new JsonLimits(1, 1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new JsonLimits(1, 1, 1, 0));
    }

    @Test
    void whatStandsAnywhereInALongStringIsSeen() {
        for (int length : new int[] {0, 1, 7, 8, 9, 31, 63, 64, 65, 95, 96, 97, 127, 200}) {
            byte[] plain = utf8('"' + " !#[]^~\u007f".repeat(26).substring(0, length) + '"');
            assertEquals(plain.length, read(plain).length());
            for (int i = 1; i <= length; i++) {
                for (int odd : new int[] {0x00, 0x01, 0x0A, 0x1F, '"', '\\', 0x80, 0xA2, 0xDC, 0xFF}) {
                    byte[] bytes = plain.clone();
                    bytes[i] = (byte) odd;
                    int at = i;
                    assertThrows(
                            MalformedMessageException.class,
                            () -> read(bytes),
                            () -> odd + " at " + at + " of " + length);
                }
            }
        }
    }
}
