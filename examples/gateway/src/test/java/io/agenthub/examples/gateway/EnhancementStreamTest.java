package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.ollama.fake.FakeFault;
import io.agenthub.ollama.fake.FakeModel;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Improvements that arrive piece by piece, through the real gateway. */
class EnhancementStreamTest extends EnhancementHarness {
    @Test
    void anImprovementIsStreamedAsItIsWrittenAndEndsWithTheWholeAnswer() {
        ollama.model(MODEL, FakeModel.saying("a ", "better\n", "cat").thinking("Hmm."));
        open(Map.of());

        HttpResponse<String> response = Await.value(send(streaming("a cat")));

        assertEquals(200, response.statusCode());
        assertEquals(
                "text/event-stream",
                response.headers().firstValue("content-type").orElse(""));
        List<String> events = events(response.body());
        assertEquals("event: model\ndata: {\"model\":\"" + MODEL + "\"}", events.get(0));
        assertEquals("event: text\ndata: {\"text\":\"a \"}", events.get(1));
        assertEquals("event: text\ndata: {\"text\":\"better\\n\"}", events.get(2));
        assertEquals("event: text\ndata: {\"text\":\"cat\"}", events.get(3));
        assertTrue(events.get(4).startsWith("event: enhanced\ndata: {\"original\":\"a cat\""), events.get(4));
        assertEquals(5, events.size());
        JsonText last = JsonText.of(events.get(4).substring("event: enhanced\ndata: ".length()));
        assertEquals("a better\ncat", text(last, "/enhanced"));
        assertEquals("true", raw(last, "/was_enhanced"));
    }

    @Test
    void piecesArriveBeforeTheModelIsDone() throws IOException {
        ollama.spoil(request -> request.path().equals("/api/chat"), FakeFault.hangAfter(400));
        ollama.model(MODEL, FakeModel.saying("first ", "second ", "third ", "and so on", " and on", " and on"));
        open(Map.of());

        HttpResponse<InputStream> response =
                Await.value(gateway.client.sendAsync(streaming("a cat").build(), BodyHandlers.ofInputStream()));
        try (InputStream stream = response.body()) {
            byte[] head = stream.readNBytes(70);
            assertTrue(
                    new String(head, StandardCharsets.UTF_8).startsWith("event: model\ndata: "),
                    () -> new String(head, StandardCharsets.UTF_8));
        }
    }

    @Test
    void aCachedOrRefusedImprovementIsOneEvent() {
        open(Map.of());
        enhance("a cat", "");

        List<String> cached = events(Await.value(send(streaming("a cat"))).body());
        List<String> empty = events(Await.value(send(streaming(" "))).body());

        assertTrue(cached.get(0).contains("\"cached\":true"), cached.toString());
        assertEquals(1, cached.size());
        assertTrue(empty.get(0).contains("the prompt is empty"), empty.toString());
        assertEquals(1, empty.size());
    }

    @Test
    void jsonIsAnsweredUnlessEventsAreAskedForByName() {
        open(Map.of());

        HttpResponse<String> anything =
                Await.value(send(request("/ollama/enhance", body("a cat")).header("Accept", "*/*")));
        HttpResponse<String> wrong =
                Await.value(send(request("/ollama/enhance", "{}").header("Accept", "text/event-stream")));

        assertEquals(
                "application/json",
                anything.headers().firstValue("content-type").orElse(""));
        assertEquals(400, wrong.statusCode());
        assertEquals(
                "application/json", wrong.headers().firstValue("content-type").orElse(""));
    }

    @Test
    void aClientThatGoesAwayStopsTheModel() throws IOException {
        ollama.spoil(request -> request.path().equals("/api/chat"), FakeFault.HANG);
        open(Map.of());
        for (String accept : List.of("text/event-stream", "application/json")) {
            int before = asked();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.address.getPort())) {
                String body = body("a cat");
                socket.getOutputStream()
                        .write(("POST /ollama/enhance HTTP/1.1\r\nHost: 127.0.0.1:" + gateway.address.getPort()
                                        + "\r\nAccept: " + accept
                                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                                        + "\r\n\r\n" + body)
                                .getBytes(StandardCharsets.US_ASCII));
                Await.until("the model is asked", () -> asked() == before + 1);
            }
            Await.until("the model is let go", () -> ollama.openConnections() == 0);
        }
        assertEquals("0", raw(gateway.get("/ollama/stats"), "/inFlight"));
    }
}
