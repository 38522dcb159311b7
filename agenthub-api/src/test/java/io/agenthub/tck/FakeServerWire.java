package io.agenthub.tck;

import io.agenthub.api.rpc.JsonText;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The pipes of a {@link FakeMcpServer}. Reading is confined to its main thread; writing is safe from any. */
final class FakeServerWire {
    private static final int CHUNK = 1 << 16;

    private final FileInputStream in = new FileInputStream(FileDescriptor.in);
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private byte[] input = new byte[CHUNK];
    private int from;
    private int to;
    private int filled;
    private byte[] output = new byte[CHUNK];
    private int written;

    /** The parts one after the other. The plus operator would make the JVM spin a class for each place it stands. */
    static String text(Object... parts) {
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            text.append(part);
        }
        return text.toString();
    }

    /** Reads up to the next line feed; false at the end of the input. */
    boolean readLine() throws IOException {
        int start = to == 0 ? 0 : to + 1;
        int scan = start;
        while (true) {
            for (; scan < filled; scan++) {
                if (input[scan] == '\n') {
                    from = start;
                    to = scan;
                    return true;
                }
            }
            if (start > 0) {
                // What a message keeps must not move under it, so each batch of lines has an array of its own.
                byte[] next = new byte[Math.max(CHUNK, (filled - start) * 2)];
                System.arraycopy(input, start, next, 0, filled - start);
                input = next;
                filled -= start;
                scan -= start;
                start = 0;
                to = 0;
            } else if (filled == input.length) {
                input = Arrays.copyOf(input, filled * 2);
            }
            flush();
            int read = in.read(input, filled, input.length - filled);
            if (read < 0) {
                return false;
            }
            filled += read;
        }
    }

    byte[] line() {
        return input;
    }

    int lineFrom() {
        return from;
    }

    int lineTo() {
        return to;
    }

    void result(JsonText id, String result) throws IOException {
        result(id, result.getBytes(StandardCharsets.UTF_8));
    }

    synchronized void result(JsonText id, byte[] result) throws IOException {
        write("{\"jsonrpc\":\"2.0\",\"id\":");
        write(id);
        write(",\"result\":");
        write(result, 0, result.length);
        write("}\n");
    }

    synchronized void error(JsonText id, int code, String message) throws IOException {
        write("{\"jsonrpc\":\"2.0\",\"id\":");
        write(id);
        write(",\"error\":{\"code\":");
        write(Integer.toString(code));
        write(",\"message\":");
        write(JsonText.quote(message));
        write("}}\n");
    }

    synchronized void notification(String method, String params) throws IOException {
        write("{\"jsonrpc\":\"2.0\",\"method\":");
        write(JsonText.quote(method));
        write(",\"params\":");
        write(params);
        write("}\n");
    }

    /** Writes as it is. */
    synchronized void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(bytes, 0, bytes.length);
    }

    private void write(JsonText json) throws IOException {
        byte[] bytes = new byte[json.length()];
        json.copyTo(bytes, 0);
        write(bytes, 0, bytes.length);
    }

    synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (written + length > output.length) {
            flush();
        }
        if (length > output.length) {
            out.write(bytes, offset, length);
            return;
        }
        System.arraycopy(bytes, offset, output, written, length);
        written += length;
    }

    synchronized void flush() throws IOException {
        if (written > 0) {
            out.write(output, 0, written);
            written = 0;
        }
    }

    void closeOutput() throws IOException {
        flush();
        out.close();
    }
}
