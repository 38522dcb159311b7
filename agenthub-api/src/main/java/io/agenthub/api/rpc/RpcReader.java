package io.agenthub.api.rpc;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the envelope of one message; confined to one thread and one text. */
final class RpcReader {
    private static final int MAX_ID_BYTES = 256;

    /** No string is made of these, and what is kept by method finds them by a hash that they know. */
    private static final String[] FREQUENT = {"tools/call", "tools/list", "ping", "notifications/progress"};

    private final byte[] bytes;
    private final JsonScanner scanner;
    private final int from;
    private boolean version;
    private @Nullable JsonText id;
    private @Nullable String method;
    private @Nullable JsonText params;
    private @Nullable JsonText result;
    private @Nullable JsonText error;
    private @Nullable Set<String> others;

    RpcReader(byte[] bytes, int from, int to, JsonLimits limits) {
        this.bytes = bytes;
        this.from = from;
        this.scanner = new JsonScanner(bytes, from, to, limits);
    }

    RpcMessage read() {
        int first = scanner.peek();
        if (first != '{') {
            // Broken JSON is reported as such before its shape is judged.
            scanner.value();
            scanner.expectEnd();
            throw invalid(
                    first == '['
                            ? "A batch is not accepted; send one message per request"
                            : "A JSON-RPC message is an object");
        }
        scanner.enter();
        boolean more = scanner.peek() != '}';
        if (!more) {
            scanner.expect('}');
        }
        @Nullable MalformedMessageException wrong = null;
        while (more) {
            int nameStart = scanner.name();
            int nameEnd = scanner.nameEnd();
            JsonText value = JsonText.read(bytes, scanner);
            try {
                member(nameStart, nameEnd, value);
            } catch (MalformedMessageException e) {
                wrong = wrong == null ? e : wrong;
            }
            more = scanner.more('}');
        }
        scanner.expectEnd();
        if (wrong != null) {
            throw wrong;
        }
        return message();
    }

    private void member(int nameStart, int nameEnd, JsonText value) {
        if (is(nameStart, nameEnd, "jsonrpc")) {
            once(!version, "jsonrpc");
            version = value.spells("2.0");
            if (!version) {
                throw invalid("'jsonrpc' must be \"2.0\"");
            }
        } else if (is(nameStart, nameEnd, "id")) {
            once(id == null, "id");
            id = value;
        } else if (is(nameStart, nameEnd, "method")) {
            once(method == null, "method");
            method = method(value);
        } else if (is(nameStart, nameEnd, "params")) {
            once(params == null, "params");
            params = value;
        } else if (is(nameStart, nameEnd, "result")) {
            once(result == null, "result");
            result = value;
        } else if (is(nameStart, nameEnd, "error")) {
            once(error == null, "error");
            error = value;
        } else {
            String name = JsonStrings.decode(bytes, nameStart, nameEnd);
            if (others == null) {
                others = new HashSet<>();
            }
            once(others.add(name), name);
        }
    }

    private static String method(JsonText value) {
        for (String frequent : FREQUENT) {
            if (value.spells(frequent)) {
                return frequent;
            }
        }
        return value.string().orElseThrow(() -> invalid("'method' must be a string"));
    }

    private boolean is(int nameStart, int nameEnd, String name) {
        return JsonStrings.matches(bytes, nameStart, nameEnd, name);
    }

    private RpcMessage message() {
        if (!version) {
            throw invalid("'jsonrpc' is missing");
        }
        if (method != null) {
            if (result != null || error != null) {
                throw invalid("A message has either 'method' or an outcome, not both");
            }
            @Nullable JsonText checked = parameters();
            return id == null ? new RpcNotification(method, checked) : new RpcRequest(checkedId(id), method, checked);
        }
        if ((result == null) == (error == null)) {
            throw invalid(result == null ? "'method' is missing" : "A response has either 'result' or 'error'");
        }
        if (error != null) {
            RpcError outcome = RpcError.read(error);
            return new RpcResponse(id == null || id.isNull() ? null : checkedId(id), outcome);
        }
        if (id == null || result == null) {
            throw invalid("A result without 'id'");
        }
        return new RpcResponse(checkedId(id), new RpcResult(result));
    }

    private @Nullable JsonText parameters() {
        if (params == null) {
            return null;
        }
        if (!params.isObject() && !params.isArray()) {
            throw invalid("'params' must be an object or an array");
        }
        return params;
    }

    private JsonText checkedId(JsonText value) {
        if (value.length() > MAX_ID_BYTES) {
            throw invalid("'id' is longer than " + MAX_ID_BYTES + " bytes");
        }
        if (value.isString() || value.isInteger()) {
            return value.onOneLine();
        }
        throw invalid("'id' must be a string or an integer");
    }

    private static void once(boolean first, String name) {
        if (!first) {
            throw invalid("Member '" + name + "' stands twice");
        }
    }

    private static MalformedMessageException invalid(String why) {
        return new MalformedMessageException(MalformedMessageException.INVALID_REQUEST, "Invalid request: " + why);
    }

    @Override
    public String toString() {
        return "RpcReader at byte " + (scanner.at() - from);
    }
}
