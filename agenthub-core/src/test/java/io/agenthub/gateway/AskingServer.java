package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agenthub.api.Promise;
import io.agenthub.api.hub.CallListener;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A server with sessions that asks during its calls, and answers each with what it heard. */
final class AskingServer {
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();

    /** The questions that are put. */
    final AtomicInteger put = new AtomicInteger();

    /** From now on this server asks these, all at once. */
    void atOnce(FakeServer server, String... questions) {
        server.answer = sent -> answer(sent, (listener, result) -> {
            List<JsonText> heard = Collections.synchronizedList(new ArrayList<>());
            for (String asked : questions) {
                hear(listener.asked(question(asked, "m")), heard, questions.length, result);
                put.incrementAndGet();
            }
        });
    }

    /** From now on this server asks these, one after the other. */
    void inTurn(FakeServer server, String... questions) {
        server.answer =
                sent -> answer(sent, (listener, result) -> next(listener, questions, new ArrayList<>(), result));
    }

    private CompletionStage<RpcOutcome> answer(
            FakeServer.Sent sent, BiConsumer<CallListener, Promise<RpcOutcome>> ask) {
        if (sent.method().equals("tools/list")) {
            return Promise.succeeded(new RpcResult(JsonText.of("{\"tools\":[]}")));
        }
        calls.incrementAndGet();
        Promise<RpcOutcome> result = new Promise<>(Runnable::run) {
            @Override
            protected void onCancel() {
                cancelled.incrementAndGet();
            }
        };
        ask.accept(sent.options().listener().orElseThrow(), result);
        return result;
    }

    private static RpcRequest question(String method, String message) {
        return new RpcRequest(JsonText.of("7"), method, JsonText.of("{\"message\":\"" + message + "\"}"));
    }

    private static void next(
            CallListener listener, String[] questions, List<JsonText> heard, Promise<RpcOutcome> result) {
        listener.asked(question(questions[heard.size()], "m" + heard.size())).whenComplete((outcome, failure) -> {
            note(outcome, heard);
            if (heard.size() == questions.length) {
                result.succeed(new RpcResult(JsonText.ofValue(Map.of("heard", heard))));
            } else {
                next(listener, questions, heard, result);
            }
        });
    }

    private static void hear(
            CompletionStage<RpcOutcome> answer, List<JsonText> heard, int expected, Promise<RpcOutcome> result) {
        answer.whenComplete((outcome, failure) -> {
            note(outcome, heard);
            if (heard.size() == expected) {
                result.succeed(new RpcResult(JsonText.ofValue(Map.of("heard", heard))));
            }
        });
    }

    private static void note(RpcOutcome outcome, List<JsonText> heard) {
        heard.add(
                outcome instanceof RpcResult answered
                        ? answered.value()
                        : outcome instanceof RpcError error ? error.json() : JsonText.quote("given up"));
    }

    /** Calls the tool and is asked: the result with the questions. */
    static JsonText ask(StatelessClient client) {
        JsonText result = client.call("tools/call", "{\"name\":\"x\"}")
                .json()
                .member("result")
                .orElseThrow();
        assertEquals(
                "\"input_required\"", result.member("resultType").orElseThrow().toString());
        return result;
    }

    static String state(JsonText asked) {
        return asked.member("requestState").orElseThrow().toString();
    }

    /** The parameters of the call that brings answers. */
    static String again(String state, String responses) {
        return "{\"name\":\"x\",\"requestState\":" + state + ",\"inputResponses\":" + responses + "}";
    }
}
