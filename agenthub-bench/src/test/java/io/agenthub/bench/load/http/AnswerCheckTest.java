package io.agenthub.bench.load.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerCheckTest {
    private static final long NUMBER = 1_000_000_042L;

    private final CallTemplate template = CallTemplate.echo(Route.of(1, "/"), 40);
    private final AnswerCheck check = new AnswerCheck(template);

    private String text(long number) {
        byte[] text = template.newAnswerText();
        template.number(text, number);
        return new String(text, StandardCharsets.UTF_8);
    }

    private boolean matches(String body) {
        byte[] bytes = ("before" + body + "after").getBytes(StandardCharsets.UTF_8);
        return check.matches(bytes, 6, bytes.length - 5, NUMBER);
    }

    private static String idFirst(String id, String text) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"" + text
                + "\"}]}}";
    }

    private static String idLast(String id, String text) {
        return "{\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]},\"jsonrpc\":\"2.0\",\"id\":"
                + id + "}";
    }

    @Test
    void theTextHasTheLengthAskedForAndItsOwnNumber() {
        assertEquals(40, template.answerBytes());
        assertTrue(text(NUMBER).startsWith("m-1000000042 "), text(NUMBER));
    }

    @Test
    void findsIdAndTextWhereverTheyStand() {
        assertTrue(matches(idFirst("1000000042", text(NUMBER))));
        assertTrue(matches(idLast("1000000042", text(NUMBER))));
        assertTrue(matches("event: message\ndata: " + idFirst("1000000042", text(NUMBER)) + "\n\n"));
        assertTrue(matches(idFirst("1000000042", text(NUMBER))));
    }

    @Test
    void anEventsOwnIdIsNotTheAnswers() {
        String event = "id: %s\nevent: message\ndata: %s\n\n";

        assertTrue(matches(event.formatted("1000000043", idFirst("1000000042", text(NUMBER)))));
        assertTrue(matches(event.formatted("5f0c-11", idFirst("1000000042", text(NUMBER)))));
        assertFalse(matches(event.formatted("1000000042", idFirst("1000000043", text(NUMBER)))));
    }

    @Test
    void refusesTheAnswerToAnotherCall() {
        assertFalse(matches(idFirst("1000000043", text(NUMBER))), "another id");
        assertFalse(matches(idLast("1000000042", text(NUMBER + 1))), "another text");
        assertFalse(matches(idFirst("10000000420", text(NUMBER))), "a longer id");
        assertFalse(matches(idFirst("\"1000000042\"", text(NUMBER))), "an id of another type");
    }

    @Test
    void refusesATextThatLostOrGainedAByte() {
        assertFalse(matches(idFirst("1000000042", text(NUMBER) + "x")));
        assertFalse(matches(idFirst("1000000042", text(NUMBER).substring(0, 30))));
        assertFalse(matches(idFirst("1000000042", text(NUMBER).replace('é', 'e'))));
    }

    @Test
    void refusesWhatIsNoAnswer() {
        assertFalse(matches(""));
        assertFalse(matches("{}"));
        assertFalse(matches("{\"error\":{\"code\":-32603,\"message\":\"no\"},\"id\":1000000042}"));
    }
}
