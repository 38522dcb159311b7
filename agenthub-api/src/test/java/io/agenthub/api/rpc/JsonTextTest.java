package io.agenthub.api.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading, cutting and editing JSON texts. */
class JsonTextTest {
    private static final JsonText ONE = JsonText.of("1");

    // Looking at a text

    @Test
    void aTextIsItsBytes() {
        JsonText json = JsonText.of(" [1.0, 1.00]\n");
        assertEquals("[1.0, 1.00]", json.toString());
        assertEquals(11, json.length());
        assertNotEquals(json.elements().get(0), json.elements().get(1));
        assertEquals(JsonText.of("1.0"), json.elements().get(0));
        assertEquals(JsonText.of("1.0").hashCode(), json.elements().get(0).hashCode());
        assertNotEquals(json, (Object) "[1.0, 1.00]");
    }

    @Test
    void theBytesAreShownAndCopiedButNotHandedOut() {
        JsonText json = JsonText.of("[\"é\"]").elements().get(0);
        ByteBuffer view = json.asByteBuffer();
        assertEquals("\"é\"", StandardCharsets.UTF_8.decode(view.duplicate()).toString());
        assertThrows(ReadOnlyBufferException.class, () -> view.put((byte) 0));
        byte[] target = new byte[6];
        assertEquals(5, json.copyTo(target, 1));
        assertEquals("\0\"é\"\0", new String(target, StandardCharsets.UTF_8));
        ByteBuffer buffer = ByteBuffer.allocateDirect(5).position(1);
        json.copyTo(buffer);
        assertEquals("\0\"é\"", StandardCharsets.UTF_8.decode(buffer.flip()).toString());
        assertThrows(BufferOverflowException.class, () -> json.copyTo(ByteBuffer.allocate(3)));
    }

    @Test
    void aTextKnowsItsKind() {
        assertTrue(JsonText.of("{}").isObject() && JsonText.EMPTY_OBJECT.isObject());
        assertTrue(JsonText.of("[]").isArray() && !JsonText.of("[]").isObject());
        assertTrue(JsonText.of("\"\"").isString() && !JsonText.of("1").isString());
        assertTrue(JsonText.NULL.isNull() && !JsonText.of("[null]").isNull());
    }

    @Test
    void stringsAreDecoded() {
        assertEquals(
                Optional.of("\" \\ / \b \f \n \r \t é 😀 \ud800 \0"),
                JsonText.of("\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u00e9 \\ud83d\\uDE00 \\ud800 \\u0000\"")
                        .string());
        assertEquals(Optional.empty(), JsonText.of("1").string());
    }

    @Test
    void anyStringIsQuotedSoThatItReadsBackTheSame() {
        for (char c = 0; c < 0xffff; c++) {
            String text = "a" + c + "b";
            assertEquals(
                    text, JsonText.of(JsonText.quote(text).toString()).string().orElseThrow());
        }
        for (String text : List.of("", "\ud83d\ude00", "\ude00\ud83d", "\ud83d", "é\ud83d\ud83d\ude00")) {
            JsonText quoted = JsonText.quote(text);
            assertEquals(text, JsonText.of(quoted.toString()).string().orElseThrow());
        }
    }

    // Members, elements, pointers

    @Test
    void aMemberIsFoundByItsDecodedName() {
        JsonText json = JsonText.of("{\"a\":1,\"\\u0062\":[2],\"\":3,\"é\":4}");
        assertEquals("1", json.member("a").orElseThrow().toString());
        assertEquals("[2]", json.member("b").orElseThrow().toString());
        assertEquals("3", json.member("").orElseThrow().toString());
        assertEquals("4", json.member("é").orElseThrow().toString());
        assertEquals(Optional.empty(), json.member("A"));
        assertEquals(Optional.empty(), JsonText.of("[1]").member("a"));
        assertEquals(Optional.empty(), JsonText.EMPTY_OBJECT.member("a"));
    }

    @Test
    void aMemberThatStandsTwiceIsRefusedWhenItIsAskedFor() {
        JsonText json = JsonText.of("{\"a\":1,\"b\":2,\"\\u0061\":3}");
        assertEquals("2", json.member("b").orElseThrow().toString());
        MalformedMessageException refusal = assertThrows(MalformedMessageException.class, () -> json.member("a"));
        assertEquals(MalformedMessageException.INVALID_REQUEST, refusal.code());
        assertThrows(MalformedMessageException.class, json::members);
        assertThrows(MalformedMessageException.class, json::toValue);
    }

    @Test
    void membersAndElementsComeInOrderAndCannotBeChanged() {
        Map<String, JsonText> members = JsonText.of("{\"z\":1,\"a\":2}").members();
        assertEquals(List.of("z", "a"), new ArrayList<>(members.keySet()));
        assertThrows(UnsupportedOperationException.class, () -> members.put("b", ONE));
        List<JsonText> elements = JsonText.of("[3,[4]]").elements();
        assertEquals(List.of(JsonText.of("3"), JsonText.of("[4]")), elements);
        assertThrows(UnsupportedOperationException.class, () -> elements.add(ONE));
        assertEquals(Map.of(), JsonText.of("[1]").members());
        assertEquals(List.of(), JsonText.of("{\"a\":1}").elements());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | {\"a\":[10,{\"b\":11}],\"\":12,\"m~n\":13,\"x/y\":14,\"~1\":15}",
                "/a | [10,{\"b\":11}]",
                "/a/0 | 10",
                "/a/1/b | 11",
                "/ | 12",
                "/m~0n | 13",
                "/x~1y | 14",
                "/~01 | 15"
            })
    void aPointerFindsWhatRfc6901Says(String pointer, String value) {
        JsonText json = JsonText.of("{\"a\":[10,{\"b\":11}],\"\":12,\"m~n\":13,\"x/y\":14,\"~1\":15}");
        assertEquals(value, json.at(pointer).orElseThrow().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/b", "/a/2", "/a/-1", "/a/-", "/a/00", "/a/01", "/a/9999999999", "/a/b", "/a/", "/c/d", "//"})
    void aPointerToNothingFindsNothing(String pointer) {
        assertEquals(Optional.empty(), JsonText.of("{\"a\":[1,2],\"c\":3}").at(pointer));
    }

    @Test
    void aPointerBeginsWithASlash() {
        assertThrows(IllegalArgumentException.class, () -> ONE.at("a"));
    }

    // Editing

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                           | {\"a\":1}",
                "{ }                          | { \"a\":1}",
                "{\"b\":2}                    | {\"b\":2,\"a\":1}",
                "{\"b\":2 }                   | {\"b\":2 ,\"a\":1}",
                "{\"a\":[2],\"b\":3}          | {\"a\":1,\"b\":3}",
                "{ \"b\" : 3 , \"a\" : {} }   | { \"b\" : 3 , \"a\" : 1 }",
                "{\"\\u0061\":2}              | {\"\\u0061\":1}",
                "{\"b\":2,\"b\":3}            | {\"b\":2,\"b\":3,\"a\":1}"
            })
    void aMemberIsReplacedInPlaceOrAddedAtTheEnd(String before, String after) {
        assertEquals(after, JsonText.of(before).with("a", ONE).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1}                            | {}",
                "{ \"a\" : 1 }                        | {  }",
                "{\"a\":1,\"b\":2}                    | {\"b\":2}",
                "{\"b\":2,\"a\":1}                    | {\"b\":2}",
                "{\"b\":2,\"a\":{\"a\":1},\"c\":3}    | {\"b\":2,\"c\":3}",
                "{ \"b\" : 2 , \"a\" : 1 }            | { \"b\" : 2  }",
                "{\"\\u0062\":1.0,\"\\u0061\":1}      | {\"\\u0062\":1.0}",
                "{\"b\":2,\"b\":3,\"a\":1}            | {\"b\":2,\"b\":3}",
                "{\"b\":2}                            | {\"b\":2}"
            })
    void aMemberIsCutOutAndTheOthersKeepTheirBytes(String before, String after) {
        assertEquals(after, JsonText.of(before).without("a").toString());
        assertEquals(
                after,
                JsonText.of("[" + before + "]").elements().get(0).without("a").toString());
    }

    @Test
    void cuttingNothingChangesNothing() {
        JsonText json = JsonText.of("{\"b\":2}");
        assertSame(json, json.without("a"));
        assertSame(JsonText.EMPTY_OBJECT, JsonText.EMPTY_OBJECT.without("a"));
    }

    @Test
    void onlyObjectsAreEdited() {
        assertThrows(IllegalStateException.class, () -> ONE.with("a", ONE));
        assertThrows(IllegalStateException.class, () -> JsonText.of("[]").without("a"));
        JsonText twice = JsonText.of("{\"a\":1,\"a\":2}");
        assertThrows(MalformedMessageException.class, () -> twice.with("a", ONE));
        assertThrows(MalformedMessageException.class, () -> twice.without("a"));
    }

    @Test
    void anEditedTextIsStillOnOneLineAfterSingleLine() {
        JsonText json = JsonText.of("{\n\"a\":1,\r\n\"b\":\n2}");
        assertEquals("{\"b\":2}", json.without("a").singleLine().toString());
        assertEquals(
                "{\"a\":1,\"b\":2,\"c\":[1,2]}",
                json.with("c", JsonText.of("[1,\n2]")).singleLine().toString());
        assertEquals(
                "{\"x\":[1]}",
                JsonText.object(Map.of("x", JsonText.of("[\n1]"))).singleLine().toString());
        assertEquals(
                "[[1]]",
                JsonText.array(List.of(JsonText.of("[\n1]"))).singleLine().toString());
        JsonText line = JsonText.of("{\"a\":\"\\n\"}");
        assertSame(line, line.singleLine());
        assertEquals(
                "[1]",
                JsonText.trusted("[\n1]".getBytes(StandardCharsets.UTF_8))
                        .singleLine()
                        .toString());
    }

    @Test
    void anElementOfATextWithBreaksIsOnOneLineAfterSingleLine() {
        assertEquals(
                "[1,2]",
                JsonText.of("{\"a\":[1,\n2]}")
                        .member("a")
                        .orElseThrow()
                        .singleLine()
                        .toString());
    }

    // Java values

    @Test
    void javaValuesBecomeJson() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("s", "é\"");
        map.put("n", Arrays.asList(1, 2L, 1.5, new BigDecimal("1E+400"), BigInteger.TEN.pow(30), true, null));
        map.put("e", Thread.State.NEW);
        map.put("j", JsonText.of("[1.10]"));
        map.put("m", Map.of());
        assertEquals(
                "{\"s\":\"é\\\"\",\"n\":[1,2,1.5,1E+400,1000000000000000000000000000000,true,null],\"e\":\"NEW\","
                        + "\"j\":[1.10],\"m\":{}}",
                JsonText.ofValue(map).toString());
        assertEquals("null", JsonText.ofValue(null).toString());
    }

    @Test
    void valuesWithoutAJsonFormAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> JsonText.ofValue(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> JsonText.ofValue(List.of(Float.POSITIVE_INFINITY)));
        assertThrows(IllegalArgumentException.class, () -> JsonText.ofValue(new Object()));
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        assertThrows(IllegalArgumentException.class, () -> JsonText.ofValue(endless));
    }

    @Test
    void jsonBecomesJavaValuesWithoutLoss() {
        assertEquals(
                List.of(
                        1L,
                        Long.MIN_VALUE,
                        new BigInteger("9223372036854775808"),
                        new BigDecimal("1.10"),
                        new BigDecimal("1e400"),
                        true,
                        "é"),
                JsonText.of("[1,-9223372036854775808,9223372036854775808,1.10,1e400,true,\"\\u00e9\"]")
                        .toValue());
        assertNull(JsonText.NULL.toValue());
        assertEquals(Map.of("a", Map.of()), JsonText.of("{\"a\":{}}").toValue());
    }

    @Test
    void aNumberBeyondAnyUseIsRefusedAsAValueAndStillRelayed() {
        JsonText absurd = JsonText.of("1e99999999999");
        assertEquals("1e99999999999", absurd.toString());
        assertThrows(MalformedMessageException.class, absurd::toValue);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\" : 1.00 , \"b\":[ 1e2, {\"c\\u0064\": \"x\" } ]} | /b/1/cd | {\"a\" : 1.00 , \"b\":[ 1e2, {\"c\\u0064\": 1 } ]}",
                "{\"a/b\":{\"~\": \"x\"}} | /a~1b/~0 | {\"a/b\":{\"~\": 1}}",
                "[\"x\"] | /0 | [1]",
            })
    void aValueDeepInsideIsReplacedAndNothingElseChanges(String before, String pointer, String after) {
        assertEquals(after, JsonText.of(before).withAt(pointer, ONE).toString());
    }

    @Test
    void aValueInsideAPartOfATextIsReplacedInThatPart() {
        JsonText part = JsonText.of("{\"x\":1, \"part\": {\"a\": [true, \"b\"] }, \"y\": 2}")
                .member("part")
                .orElseThrow();

        assertEquals("{\"a\": [true, 1] }", part.withAt("/a/1", ONE).toString());
        assertEquals(ONE, part.withAt("", ONE));
    }

    @Test
    void nothingIsReplacedWhereNothingIs() {
        JsonText json = JsonText.of("{\"a\":[1]}");

        assertThrows(IllegalArgumentException.class, () -> json.withAt("/b", ONE));
        assertThrows(IllegalArgumentException.class, () -> json.withAt("/a/1", ONE));
        assertThrows(IllegalArgumentException.class, () -> json.withAt("a", ONE));
        assertThrows(
                MalformedMessageException.class,
                () -> JsonText.of("{\"a\":1,\"a\":2}").withAt("/a", ONE));
    }
}
