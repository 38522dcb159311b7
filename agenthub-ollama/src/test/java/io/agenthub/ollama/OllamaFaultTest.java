package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.ollama.fake.FakeAnswer;
import io.agenthub.ollama.fake.FakeFault;
import io.agenthub.ollama.fake.FakeModel;
import io.agenthub.ollama.fake.FakeOllama;
import io.agenthub.tck.Await;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class OllamaFaultTest extends OllamaTest {
    private static final ModelRequest REQUEST = ask("why?").build();

    private static CompletionStage<Answer> single(OllamaClient client) {
        return client.chat(REQUEST);
    }

    private static CompletionStage<Answer> streamed(OllamaClient client) {
        return client.chat(REQUEST, piece -> Promise.done());
    }

    private static ErrorKind kind(CompletionStage<?> call) {
        return Await.failure(AgentHubException.class, call).kind();
    }

    /** The bytes of the right answer to the last request. */
    private int wireLength(OllamaClient client, boolean streaming) {
        AtomicInteger length = new AtomicInteger();
        ollama.spoilOnce((answer, socket, stopped) -> {
            length.set(answer.wire().length);
            return FakeFault.NONE.send(answer, socket, stopped);
        });
        Await.value(streaming ? streamed(client) : single(client));
        return length.get();
    }

    @Test
    void anAnswerInSegmentsOfOneByteIsReadInBothStyles() {
        ollama.spoil(FakeFault.BYTE_BY_BYTE);

        for (OllamaClient client : List.of(client(), openAi())) {
            assertEquals("Improved: why?", Await.value(single(client)).text());
            assertEquals("Improved: why?", Await.value(streamed(client)).text());
        }
    }

    @Test
    void anAnswerCutAtAnyByteFailsAndIsNeverTakenForAWholeOne() {
        cutAtEveryByte(client(), FakeFault::cutAfter);
        cutAtEveryByte(openAi(), FakeFault::cutAfter);
    }

    @Test
    void anAnswerResetAtAnyByteFailsAndIsNeverTakenForAWholeOne() {
        cutAtEveryByte(client(), FakeFault::resetAfter);
    }

    private void cutAtEveryByte(OllamaClient client, IntFunction<FakeFault> fault) {
        for (boolean streaming : List.of(false, true)) {
            int length = wireLength(client, streaming);
            for (int bytes = 0; bytes < length; bytes++) {
                ollama.spoil(fault.apply(bytes));
                Await.Outcome<Answer> outcome =
                        Await.outcome(Await.PATIENCE, streaming ? streamed(client) : single(client));
                if (outcome.failure() == null) {
                    // All that was missing is the end of the last chunk.
                    assertTrue(streaming && bytes >= length - 16, "whole after " + bytes + " of " + length);
                    assertEquals("Improved: why?", outcome.value().text());
                } else {
                    ErrorKind kind = assertInstanceOf(AgentHubException.class, outcome.failure())
                            .kind();
                    assertTrue(
                            kind == ErrorKind.CHILD_EXITED || kind == ErrorKind.CHILD_PROTOCOL, kind + " at " + bytes);
                }
            }
        }
    }

    @Test
    void aDripIsEndedByTheDeadline() {
        ollama.spoil(FakeFault.drip(5));
        ModelRequest hurried = ask("why?").timeout(Duration.ofMillis(200)).build();
        OllamaClient client = client();

        Await.failure(CallTimeoutException.class, client.chat(hurried));
        Await.failure(CallTimeoutException.class, client.chat(hurried, piece -> Promise.done()));

        Await.until("the connections are closed", () -> ollama.openConnections() == 0);
    }

    @Test
    void aStreamThatHangsInTheMiddleIsEndedByTheDeadline() {
        OllamaClient client = client();
        ollama.spoil(FakeFault.hangAfter(wireLength(client, true) / 2));

        Await.failure(
                CallTimeoutException.class,
                client.chat(ask("why?").timeout(Duration.ofMillis(200)).build(), piece -> Promise.done()));
    }

    @Test
    void aBodyOfAGibibyteIsRefusedAtTheBound() {
        for (String type : List.of("application/json", "application/x-ndjson")) {
            ollama.spoil(FakeFault.huge(type));
            OllamaClient client = client();

            assertEquals(ErrorKind.FRAME_TOO_LARGE, kind(single(client)));
            assertEquals(ErrorKind.FRAME_TOO_LARGE, kind(streamed(client)));
        }
        Await.until("the connections are closed", () -> ollama.openConnections() == 0);
    }

    @Test
    void aStreamedTextIsRefusedWhenAllPiecesTogetherAreTooLong() {
        String[] pieces = new String[200];
        java.util.Arrays.fill(pieces, "x".repeat(10_000));
        ollama.model(MODEL, FakeModel.saying(pieces));

        assertEquals(ErrorKind.FRAME_TOO_LARGE, kind(streamed(client())));
        assertEquals(ErrorKind.FRAME_TOO_LARGE, kind(streamed(openAi())));
    }

    @Test
    void garbageIsRefused() {
        for (String garbage : List.of(
                "SSH-2.0-OpenSSH_9.6\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"done\":false}",
                "HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{\"done\":true,\"done\":false}",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nX: " + "x".repeat(20_000) + "\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n{\"response\":\"\u00ff\",\"done\":true}",
                "HTTP/1.1 204 No Content\r\n\r\n")) {
            ollama.spoil(FakeFault.raw(garbage));
            OllamaClient client = client();
            for (CompletionStage<Answer> call : List.of(single(client), streamed(client))) {
                ErrorKind kind = kind(call);
                assertTrue(
                        kind == ErrorKind.CHILD_PROTOCOL || kind == ErrorKind.CHILD_EXITED,
                        kind + " for " + garbage.substring(0, Math.min(80, garbage.length())));
            }
        }
    }

    @Test
    void anErrorOfTheServerIsToldWithItsStatusAndWords() {
        OllamaClient client = client();
        for (int status : List.of(400, 401, 404, 429, 500, 502, 503)) {
            ollama.spoil(FakeFault.status(status, "because of " + status));
            for (CompletionStage<Answer> call : List.of(single(client), streamed(client))) {
                OllamaException failure = Await.failure(OllamaException.class, call);
                assertEquals(status, failure.status().orElseThrow());
                assertTrue(failure.getMessage().contains("because of " + status), failure.getMessage());
                assertEquals(status == 429 || status == 503, failure.kind() == ErrorKind.BUSY);
                assertEquals(status == 404, failure.isNotFound());
                assertEquals(status == 500 || status == 502, failure.kind().isInfrastructureFault());
            }
        }
        assertTrue(ollama.connections() <= 2, "an answer, whatever its status, does not end the connection");
    }

    @Test
    void anErrorWithABodyThatNeverEndsIsRefusedAtABound() {
        ollama.spoil((answer, socket, stopped) -> {
            socket.getOutputStream()
                    .write("HTTP/1.1 500 No\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            byte[] block = new byte[8_192];
            for (int i = 0; i < 1_000_000; i++) {
                socket.getOutputStream().write(block);
            }
            return false;
        });

        assertEquals(
                500,
                Await.failure(OllamaException.class, single(client())).status().orElseThrow());
    }

    @Test
    void aMessageOfTheServerIsCutAndCannotBreakALine() {
        ollama.spoil(FakeFault.status(500, "first\nsecond\u001b[31m" + "x".repeat(5_000)));

        String message = Await.failure(single(client())).getMessage();

        assertTrue(message.length() < 600, message);
        assertFalse(message.contains("\n") || message.contains("\u001b"), message);
    }

    @Test
    void aRedirectIsAnErrorAndNobodyGoesThere() throws Exception {
        FakeOllama elsewhere = opened(FakeOllama.start()).model(MODEL, FakeModel.improving());
        for (int status : List.of(301, 302, 303, 307, 308)) {
            ollama.spoil(FakeFault.raw("HTTP/1.1 " + status + " Moved\r\nLocation: " + elsewhere.url()
                    + "/api/chat\r\nContent-Length: 0\r\n\r\n"));

            OllamaException failure = Await.failure(OllamaException.class, single(client()));

            assertEquals(status, failure.status().orElseThrow());
            assertTrue(failure.getMessage().contains("redirect"), failure.getMessage());
        }
        assertEquals(0, elsewhere.connections());
    }

    @Test
    void anErrorInMidStreamFailsTheAnswerAfterThePiecesBeforeIt() {
        ollama.spoil(FakeFault.midStreamError(2, "the runner crashed"));
        List<String> pieces = new CopyOnWriteArrayList<>();

        OllamaException failure = Await.failure(OllamaException.class, client().chat(REQUEST, piece -> {
            pieces.add(piece.text());
            return Promise.done();
        }));

        assertTrue(failure.getMessage().contains("the runner crashed"), failure.getMessage());
        assertTrue(List.of("Improved", ": ").subList(0, pieces.size()).equals(pieces), pieces.toString());
    }

    @Test
    void anErrorInMidStreamFailsTheOpenaiStyleAsWell() {
        ollama.spoil(FakeFault.midStreamError(2, "the runner crashed"));

        assertTrue(Await.failure(streamed(openAi())).getMessage().contains("the runner crashed"));
    }

    @Test
    void anErrorInASingleAnswerWithStatus200IsAnError() {
        ollama.spoil(FakeFault.instead(FakeAnswer.error(200, "not really")));

        assertTrue(Await.failure(single(client())).getMessage().contains("not really"));
    }

    @Test
    void informationalAnswersArePassedOver() {
        ollama.spoil((answer, socket, stopped) -> {
            socket.getOutputStream()
                    .write("HTTP/1.1 102 Processing\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            return FakeFault.NONE.send(answer, socket, stopped);
        });

        assertEquals("Improved: why?", Await.value(single(client())).text());
    }

    @Test
    void anAnswerThatSwitchesToAnotherProtocolIsRefusedAtOnce() {
        ollama.spoil((answer, socket, stopped) -> {
            socket.getOutputStream()
                    .write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return FakeFault.HANG.send(answer, socket, stopped);
        });

        assertEquals(ErrorKind.CHILD_PROTOCOL, kind(single(client())));
        assertEquals(ErrorKind.CHILD_PROTOCOL, kind(streamed(client())));
    }

    @Test
    void bytesNobodyAskedForCloseTheConnectionAndAnswerNothing() {
        ollama.spoilOnce((answer, socket, stopped) -> {
            FakeFault.NONE.send(answer, socket, stopped);
            socket.getOutputStream().write(FakeAnswer.error(200, "stray").wire());
            return true;
        });
        OllamaClient client = client();

        assertEquals("Improved: why?", Await.value(single(client)).text());
        Await.until("the connection is closed", () -> ollama.openConnections() == 0);
        assertEquals("Improved: why?", Await.value(single(client)).text());
    }

    @Test
    void theBeginningOfASecondAnswerIsNotTakenForTheAnswerToTheNextRequest() {
        CountDownLatch asked = new CountDownLatch(1);
        ollama.spoilOnce((answer, socket, stopped) -> {
            byte[] wire = answer.wire();
            ByteArrayOutputStream more = new ByteArrayOutputStream();
            more.writeBytes(wire);
            more.write(wire, 0, 20);
            socket.getOutputStream().write(more.toByteArray());
            asked.await();
            socket.getOutputStream().write(wire, 20, wire.length - 20);
            return true;
        });
        OllamaClient client = client();
        assertEquals(
                "Improved: mine", Await.value(client.chat(ask("mine").build())).text());

        CompletionStage<Answer> next = client.chat(ask("yours").build());
        asked.countDown();

        assertEquals("Improved: yours", Await.value(next).text());
    }

    @Test
    void aSecondAnswerToOneRequestIsNotTakenForTheAnswerToTheNext() {
        CountDownLatch waits = new CountDownLatch(1);
        ollama.spoilOnce((answer, socket, stopped) -> {
            waits.await();
            ByteArrayOutputStream twice = new ByteArrayOutputStream();
            twice.writeBytes(answer.wire());
            twice.writeBytes(answer.wire());
            socket.getOutputStream().write(twice.toByteArray());
            return true;
        });
        OllamaClient client = opened(builder().maxConnections(1).build());
        CompletionStage<Answer> first = client.chat(ask("mine").build());
        CompletionStage<Answer> next = client.chat(ask("yours").build());
        Await.until("the first is asked", () -> ollama.requests().size() == 1);

        waits.countDown();

        assertEquals("Improved: mine", Await.value(first).text());
        assertEquals("Improved: yours", Await.value(next).text());
    }

    @Test
    void anAnswerThatIsDoneButWhoseBodyNeverEndsKeepsNoConnection() {
        ollama.spoilOnce((answer, socket, stopped) ->
                FakeFault.hangAfter(answer.wire().length - "0\r\n\r\n".length()).send(answer, socket, stopped));
        OllamaClient client = opened(builder().maxConnections(1).build());

        assertEquals("Improved: why?", Await.value(streamed(client)).text());

        ModelRequest next = ask("next").timeout(Duration.ofSeconds(15)).build();
        assertEquals("Improved: next", Await.value(client.chat(next)).text());
    }
}
