package io.agenthub.tck;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What real servers print where only messages belong. */
public final class FakeServerNoise {
    /** The lines, none of them a JSON-RPC message. */
    public static final List<String> LINES = List.of(
            "Starting server...",
            "\u001b[32m✔\u001b[0m ready",
            "",
            "{\"jsonrpc\":\"2.0\",\"id\":1,",
            "\ufeff{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}",
            "[1,2,3]",
            "42",
            "{\"level\":\"info\",\"msg\":\"structured log line\"}",
            "{\"jsonrpc\":\"1.0\",\"id\":1,\"result\":{}}",
            "windows line\r",
            "\u2028 line separators \u2029 \u0085 and a lone \r return");

    /** How many lines one round of noise has, without the empty one: those above and one that is not UTF-8. */
    public static final int COUNT = LINES.size();

    private FakeServerNoise() {}

    static void write(FakeServerWire wire) throws IOException {
        for (String line : LINES) {
            wire.write(line);
            wire.write("\n");
        }
        byte[] notUtf8 = "bytes \u00ff\u00fe\u00c0\u0080\n".getBytes(StandardCharsets.ISO_8859_1);
        wire.write(notUtf8, 0, notUtf8.length);
    }
}
