package io.agenthub.core.internal.pinning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ToolFinding;
import io.agenthub.api.server.ToolFinding.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolPinsTest {
    private final List<String> told = new ArrayList<>();
    private final ToolPins pins = pins(true);

    private ToolPins pins(boolean sameForAll) {
        return new ToolPins(
                sameForAll, () -> Instant.EPOCH, finding -> told.add(finding.kind() + " " + finding.tool()));
    }

    private static String tool(String name, String description) {
        return "{\"name\":\"" + name + "\",\"description\":\"" + description
                + "\",\"inputSchema\":{\"type\":\"object\"}}";
    }

    private static JsonText list(String... tools) {
        return JsonText.of("{\"tools\":" + Stream.of(tools).collect(Collectors.joining(",", "[", "]")) + "}");
    }

    private static JsonText cursor(String cursor) {
        return JsonText.of("{\"cursor\":\"" + cursor + "\"}");
    }

    private List<String> standing() {
        return pins.findings().stream()
                .map(finding -> finding.kind() + " " + finding.tool())
                .toList();
    }

    @Test
    void whatIsSeenFirstIsRightAndStaysSo() {
        for (int i = 0; i < 3; i++) {
            pins.listed(null, list(tool("a", "x"), tool("b", "y")));
        }
        assertEquals(List.of(), told);
        assertEquals(List.of(), pins.findings());
        assertTrue(pins.blocked("a").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"a\",\"description\":\"other\",\"inputSchema\":{\"type\":\"object\"}}",
                "{\"name\":\"a\",\"description\":\"x\",\"inputSchema\":{\"type\":\"object\",\"required\":[\"k\"]}}",
                "{\"name\":\"a\",\"description\":\"x\",\"inputSchema\":{\"type\":\"object\"},\"annotations\":{\"readOnlyHint\":true}}",
                "{\"name\":\"a\",\"description\":\"x\",\"inputSchema\":{\"type\":\"object\"},\"title\":\"A\"}",
                "{\"name\":\"a\",\"description\":\"x\",\"inputSchema\":{\"type\":\"object\"},\"outputSchema\":{}}",
                "{\"name\":\"a\",\"description\":\"x\"}"
            })
    void aChangeOfAnyPinnedMemberIsFoundInTheFirstListAfterIt(String changed) {
        pins.listed(null, list(tool("a", "x")));
        pins.listed(null, list(changed));
        assertEquals(List.of("CHANGED a"), told);
        assertEquals(List.of("CHANGED a"), standing());
        assertTrue(pins.blocked("a").isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ \"inputSchema\" : {\"type\":\"object\"},\n\"description\":\"x\", \"name\":\"a\" }",
                "{\"name\":\"\\u0061\",\"description\":\"x\",\"inputSchema\":{\"type\":\"object\"}}",
                "{\"name\":\"a\",\"description\":\"x\",\"inputSchema\":{\"type\":\"object\"},\"_meta\":{\"n\":1}}"
            })
    void anotherWayToWriteTheSameIsNoChange(String written) {
        pins.listed(null, list(tool("a", "x")));
        pins.listed(null, list(written));
        assertEquals(List.of(), told);
    }

    @Test
    void everyChangeIsToldOnceHoweverOftenItIsListed() {
        pins.listed(null, list(tool("a", "x")));
        for (int i = 0; i < 3; i++) {
            pins.listed(null, list(tool("a", "y")));
        }
        pins.listed(null, list(tool("a", "z")));
        pins.listed(null, list(tool("a", "y")));
        assertEquals(List.of("CHANGED a", "CHANGED a"), told);
    }

    @Test
    void aToolThatIsAgainAsItWasIsFoundRight() {
        pins.listed(null, list(tool("a", "x")));
        pins.listed(null, list(tool("a", "y")));
        pins.listed(null, list(tool("a", "x")));
        assertEquals(List.of(), standing());
        assertTrue(pins.blocked("a").isEmpty());
    }

    @Test
    void aRenameIsANewToolAndOneThatIsGone() {
        pins.listed(null, list(tool("a", "x")));
        pins.listed(null, list(tool("b", "x")));
        assertEquals(List.of("GONE a", "NEW b"), standing());
        assertTrue(pins.blocked("b").isPresent());
        assertTrue(pins.blocked("a").isEmpty());
    }

    @Test
    void pagesOfAListBelongTogether() {
        JsonText first = list(tool("a", "x")).with("nextCursor", JsonText.quote("2"));
        pins.listed(null, first);
        pins.listed(cursor("2"), list(tool("b", "x")));
        pins.listed(null, first);
        pins.listed(cursor("2"), list(tool("b", "x")));
        assertEquals(List.of(), told);
        pins.listed(null, first);
        pins.listed(cursor("2"), list(tool("c", "x")));
        assertEquals(List.of("GONE b", "NEW c"), standing());
    }

    @Test
    void aPageThatWasNotReadYetIsNotNew() {
        pins.listed(null, list(tool("a", "x")).with("nextCursor", JsonText.quote("2")));
        pins.listed(null, list(tool("a", "x")).with("nextCursor", JsonText.quote("2")));
        pins.listed(cursor("2"), list(tool("b", "x")));
        pins.listed(cursor("nobody-knows"), list(tool("a", "x")));
        assertEquals(List.of(), told);
    }

    @Test
    void whereClientsSeeDifferentToolsOnlyChangesAreFound() {
        ToolPins own = pins(false);
        own.listed(null, list(tool("a", "x")));
        own.listed(null, list(tool("b", "x")));
        own.listed(null, list(tool("b", "y")));
        assertEquals(List.of("CHANGED b"), told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u200Bb", "a\u202Eb", "a\u2066b", "a\uFEFFb", "\uDB40\uDC41", "a\u0007b"})
    void charactersNobodySeesAreFoundWhereverTheyStand(String text) {
        String quoted = JsonText.quote(text).toString();
        pins.listed(
                null,
                list(
                        "{\"name\":\"a\",\"description\":" + quoted + "}",
                        "{\"name\":\"b\",\"inputSchema\":{\"properties\":{\"p\":{\"description\":" + quoted + "}}}}"));
        assertEquals(List.of("HIDDEN_TEXT a", "HIDDEN_TEXT b"), standing());
        assertTrue(pins.blocked("a").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ünïcode 日本 \n\t", "\uD83D\uDC68\u200D\uD83D\uDC69", "\u2764\uFE0F"})
    void textOfAllLanguagesAndPicturesIsNot(String text) {
        pins.listed(null, list("{\"name\":\"a\",\"description\":" + JsonText.quote(text) + "}"));
        assertEquals(List.of(), told);
    }

    @Test
    void whatIsAcknowledgedIsRightFromThenOn() {
        pins.listed(null, list(tool("a", "x"), tool("b", "x")));
        pins.listed(null, list(tool("a", "y"), tool("c", "x")));
        pins.acknowledge();
        assertEquals(List.of(), standing());
        pins.listed(null, list(tool("a", "y"), tool("c", "x")));
        assertEquals(List.of(), standing());
        pins.listed(null, list(tool("a", "x"), tool("b", "x")));
        assertEquals(List.of("CHANGED a", "NEW b", "GONE c"), standing());
    }

    @Test
    void whatIsForgottenIsSeenForTheFirstTimeAgain() {
        pins.listed(null, list(tool("a", "x")));
        pins.listed(null, list(tool("a", "y")));
        pins.forget();
        pins.listed(null, list(tool("b", "x")));
        assertEquals(List.of(), standing());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"tools\":7}",
                "{\"tools\":[1,{},{\"name\":2}]}",
                "{\"tools\":[{\"name\":\"a\",\"name\":\"b\"}]}"
            })
    void whatIsNoListOfToolsIsLeftToWhoeverAskedForIt(String odd) {
        pins.listed(JsonText.of("[]"), JsonText.of(odd));
        assertEquals(List.of(), told);
    }

    @Test
    void oneTextCannotPassForTwoOthers() {
        Definition one = Definition.of(JsonText.of("{\"name\":\"a\",\"annotations\":{\"x\":[\"b\",\"c\"]}}"));
        Definition other = Definition.of(JsonText.of("{\"name\":\"a\",\"annotations\":{\"x\":[\"b\\\"1\\\"c\"]}}"));
        assertNotEquals(one.hash(), other.hash());
        assertFalse(one.hidden());
    }

    @Test
    void whatBlocksIsWhatNobodyCouldLookAt() {
        assertEquals(
                List.of(Kind.CHANGED, Kind.NEW),
                Stream.of(ToolFinding.Kind.values()).filter(Kind::blocks).toList());
    }
}
