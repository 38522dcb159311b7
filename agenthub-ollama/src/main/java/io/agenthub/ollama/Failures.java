package io.agenthub.ollama;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.ollama.internal.http.HttpFailure;
import io.agenthub.ollama.internal.http.LineSplitter;
import io.agenthub.ollama.internal.http.Request;

/** What went wrong, in the words of the API. */
final class Failures {
    private Failures() {}

    /** Anything that ended an exchange. */
    static Throwable of(Throwable failure, Request request, int maxAnswerBytes) {
        if (failure instanceof LineSplitter.LineTooLongException) {
            return OllamaException.tooLong(maxAnswerBytes);
        }
        if (failure instanceof MalformedMessageException) {
            return OllamaException.garbage(String.valueOf(failure.getMessage()), failure);
        }
        return failure instanceof HttpFailure http ? of(http, request) : failure;
    }

    private static AgentHubException of(HttpFailure failure, Request request) {
        return switch (failure.reason()) {
            case TIMEOUT -> timeout(request, failure.dispatched());
            case UNREACHABLE -> failure(ErrorKind.SPAWN_FAILED, failure, request);
            case CLOSED -> failure(ErrorKind.CHILD_EXITED, failure, request);
            case GARBAGE -> failure(ErrorKind.CHILD_PROTOCOL, failure, request);
            case SHUT_DOWN -> failure(ErrorKind.SHUTTING_DOWN, failure, request);
        };
    }

    static CallTimeoutException timeout(Request request, boolean dispatched) {
        return new CallTimeoutException("ollama", request.path(), request.timeout(), dispatched);
    }

    private static OllamaException failure(ErrorKind kind, HttpFailure failure, Request request) {
        return new OllamaException(
                kind, request.path() + ": " + failure.getMessage(), 0, failure.dispatched(), failure.getCause());
    }

    /** An answer with another status than 200. */
    static OllamaException status(int status, byte[] body, Request request) {
        if (status >= 300 && status < 400) {
            return new OllamaException(
                    ErrorKind.CHILD_PROTOCOL,
                    request.path() + ": answered with a redirect, which is never followed; check baseUrl",
                    status,
                    true,
                    null);
        }
        return new OllamaException(
                kind(status), request.path() + ": answered " + status + ": " + message(body), status, true, null);
    }

    private static ErrorKind kind(int status) {
        if (status == 429 || status == 503) {
            return ErrorKind.BUSY;
        }
        return status >= 400 && status < 500 ? ErrorKind.BAD_REQUEST : ErrorKind.CHILD_PROTOCOL;
    }

    private static String message(byte[] body) {
        try {
            return Json.error(JsonText.of(body, JsonLimits.DOOR)).orElse("no reason given");
        } catch (MalformedMessageException e) {
            return "no reason given";
        }
    }

    /** An error that came after the answer had begun. */
    static OllamaException midStream(String error) {
        return new OllamaException(ErrorKind.CHILD_PROTOCOL, "The model failed: " + error, 200, true, null);
    }
}
