package io.agenthub.api.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String OTHER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

    private static TraceContext trace(String parent, String state, String baggage) {
        return TraceContext.parse(parent, state, baggage).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PARENT,
                "00-00000000000000000000000000000001-0000000000000001-00",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what.the.future.brings"
            })
    void aParentOfTheFormIsTakenAsItIs(String parent) {
        assertEquals(Optional.of(parent), trace(parent, null, null).traceparent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
                "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
                " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-a b",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n"
            })
    void anyOtherParentIsDroppedAndItsStateWithIt(String parent) {
        assertEquals(Optional.empty(), TraceContext.parse(parent, "congo=t61rcWkgMzE", null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "congo=t61rcWkgMzE",
                "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
                "rojo=1 , \t congo=2",
                "a=1,,b=2",
                "tenant@system=x",
                "0digit=x",
                "a_-*/b=x y\"\\z"
            })
    void aStateOfTheFormIsTakenAsItIs(String state) {
        assertEquals(Optional.of(state), trace(PARENT, state, null).tracestate());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "congo",
                "=x",
                "Congo=x",
                "a=",
                "a=x=y",
                "a=x,a=y",
                "a =x",
                "a=\u00e4",
                "a=x\u0001",
                "-a=x"
            })
    void anyOtherStateIsDroppedAndTheParentStays(String state) {
        TraceContext trace = trace(PARENT, state, null);
        assertEquals(Optional.of(PARENT), trace.traceparent());
        assertEquals(Optional.empty(), trace.tracestate());
    }

    @Test
    void aStateHasAtMost32Members() {
        String most = IntStream.range(0, 32).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
        assertTrue(trace(PARENT, most, null).tracestate().isPresent());
        assertFalse(trace(PARENT, most + ",one=more", null).tracestate().isPresent());
        assertTrue(trace(PARENT, "k".repeat(256) + "=v", null).tracestate().isPresent());
        assertFalse(trace(PARENT, "k".repeat(257) + "=v", null).tracestate().isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "userId=alice",
                "key1=value1;property1;property2, key2 = value2, key3=value3; propertyKey=propertyValue",
                "serverNode=DF%2028,isProduction=false",
                "empty="
            })
    void baggageOfTheFormNeedsNoParent(String baggage) {
        TraceContext trace = trace(null, "congo=t61rcWkgMzE", baggage);
        assertEquals(Optional.of(baggage), trace.baggage());
        assertEquals(Optional.empty(), trace.tracestate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "userId", "user id=alice", "a=b c", "a=\"b\"", "a=b;", "a=b,", "a=\u00e4", "a=b\\c"})
    void anyOtherBaggageIsDropped(String baggage) {
        assertEquals(Optional.empty(), TraceContext.parse(null, null, baggage));
    }

    @Test
    void whatIsTooLongIsDroppedAndTakesNoTime() {
        assertEquals(Optional.empty(), TraceContext.parse(null, null, "a=" + "b".repeat(8_192)));
        assertEquals(Optional.empty(), TraceContext.parse(null, null, "a=b" + ";c".repeat(3_000) + "\""));
        assertEquals(
                Optional.empty(),
                trace(PARENT, "a=" + " ".repeat(7_000) + "=", null).tracestate());
    }

    @Test
    void aContextMadeByHandIsChecked() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new TraceContext(Optional.of("nonsense"), Optional.empty(), Optional.empty()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new TraceContext(Optional.empty(), Optional.of("a=b"), Optional.empty()));
    }

    private static String into(TraceContext trace, String params) {
        return trace.into(JsonText.of(params)).toString();
    }

    @Test
    void onlyTheMembersAreAddedAndEveryOtherByteStays() {
        TraceContext trace = trace(PARENT, "a=\"x\"", "b=c");
        assertEquals(
                "{ \"n\" : 1.10e2 ,\"_meta\":{\"x\":\"\\u00e4\" ,  \"progressToken\":7,\"traceparent\":\"" + PARENT
                        + "\",\"tracestate\":\"a=\\\"x\\\"\",\"baggage\":\"b=c\"}, \"z\":[ ]}",
                into(trace, "{ \"n\" : 1.10e2 ,\"_meta\":{\"x\":\"\\u00e4\" ,  \"progressToken\":7}, \"z\":[ ]}"));
    }

    @Test
    void withoutMetaOrParametersThereIsOneAfterwards() {
        TraceContext trace = trace(PARENT, null, null);
        String meta = "\"_meta\":{\"traceparent\":\"" + PARENT + "\"}";
        assertEquals("{" + meta + "}", trace.into(null).toString());
        assertEquals("{" + meta + "}", into(trace, "{}"));
        assertEquals("{\"a\":1," + meta + "}", into(trace, "{\"a\":1}"));
    }

    @Test
    void whatTheParametersSayThemselvesWins() {
        TraceContext trace = trace(PARENT, "a=b", "c=d");
        String own = "{\"_meta\":{\"traceparent\":\"" + OTHER + "\",\"baggage\":\"e=f\"}}";
        JsonText params = JsonText.of(own);
        assertSame(params, trace.into(params));
    }

    @Test
    void whatIsNoParentIsReplacedTogetherWithItsState() {
        TraceContext trace = trace(PARENT, null, null);
        assertEquals(
                "{\"_meta\":{\"traceparent\":\"" + PARENT + "\"}}",
                into(trace, "{\"_meta\":{\"traceparent\":\"nonsense\",\"tracestate\":\"a=b\"}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1]",
                "{\"_meta\":7}",
                "{\"_meta\":{},\"_meta\":{}}",
                "{\"_meta\":{\"baggage\":1,\"baggage\":2}}"
            })
    void whatIsNoObjectOrAmbiguousIsLeftToTheServer(String params) {
        JsonText json = JsonText.of(params);
        assertSame(json, trace(null, null, "a=b").into(json));
    }
}
