package io.agenthub.bench.load.stub;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The server's main class. It speaks newline-delimited JSON-RPC on its standard streams and has three tools: {@code echo
 * {message}}, {@code delay {ms, message}}, which answers later and out of order, and {@code blob {bytes, message}}, which
 * answers with the message and that many more bytes.
 */
public final class StubServer {
    private static final int READ_BYTES = 64 * 1024;
    private static final byte[] ID = Bytes.ascii("\"id\":");
    private static final byte[] METHOD = Bytes.ascii("\"method\":\"");
    private static final byte[] TOOLS_CALL = Bytes.ascii("tools/call\"");
    private static final byte[] INITIALIZE = Bytes.ascii("initialize\"");
    private static final byte[] TOOLS_LIST = Bytes.ascii("tools/list\"");
    private static final byte[] PING = Bytes.ascii("ping\"");
    private static final byte[] NAME = Bytes.ascii("\"name\":\"");
    private static final byte[] MESSAGE = Bytes.ascii("\"message\":\"");
    private static final byte[] MS = Bytes.ascii("\"ms\":");
    private static final byte[] BYTES = Bytes.ascii("\"bytes\":");
    private static final byte[] VERSION = Bytes.ascii("\"protocolVersion\":\"");
    private static final byte[] LIST = Bytes.ascii("""
            {"tools":[{"name":"echo","inputSchema":{"type":"object"}},{"name":"delay","inputSchema":{"type":"object"}},\
            {"name":"blob","inputSchema":{"type":"object"}}]}""");

    private final OutputStream out;
    private final AnswerBuffer answers;
    private final DelayWheel wheel;
    private final AnswerBuffer held;

    private StubServer(OutputStream out) {
        this.out = out;
        this.answers = new AnswerBuffer(out);
        this.held = new AnswerBuffer(out);
        this.wheel = new DelayWheel(out);
    }

    /**
     * Serves until its input ends.
     *
     * @param args none
     */
    public static void main(String[] args) {
        try (InputStream in = new FileInputStream(FileDescriptor.in);
                OutputStream out = new FileOutputStream(FileDescriptor.out)) {
            new StubServer(out).serve(in);
        } catch (IOException e) {
            // Nobody listens any more, which is how measurements end.
            System.exit(0);
        }
    }

    private void serve(InputStream in) throws IOException {
        wheel.start();
        byte[] bytes = new byte[2 * READ_BYTES];
        int from = 0;
        int to = 0;
        int scanned = 0;
        int read;
        while ((read = in.read(bytes, to, Math.min(READ_BYTES, bytes.length - to))) >= 0) {
            to += read;
            int end;
            while ((end = Bytes.newline(bytes, scanned, to)) >= 0) {
                line(bytes, from, end);
                answers.flushIfFull();
                from = end + 1;
                scanned = from;
            }
            scanned = to;
            answers.flush();
            if (from > 0) {
                System.arraycopy(bytes, from, bytes, 0, to - from);
                to -= from;
                scanned -= from;
                from = 0;
            }
            if (to + READ_BYTES > bytes.length) {
                bytes = Arrays.copyOf(bytes, bytes.length * 2);
            }
        }
        synchronized (out) {
            out.flush();
        }
    }

    private void line(byte[] line, int from, int to) {
        int method = Bytes.find(line, from, to, METHOD);
        int id = Bytes.find(line, from, to, ID);
        if (method < 0 || id < 0) {
            return;
        }
        int idFrom = id + ID.length;
        int idTo = line[idFrom] == '"'
                ? Bytes.stringEnd(line, idFrom + 1, Math.min(to, idFrom + 256)) + 1
                : Bytes.tokenEnd(line, idFrom, to);
        int name = method + METHOD.length;
        if (Bytes.startsWith(line, name, to, TOOLS_CALL)) {
            tool(line, from, to, idFrom, idTo);
        } else if (Bytes.startsWith(line, name, to, INITIALIZE)) {
            int version = Bytes.find(line, from, to, VERSION) + VERSION.length;
            int versionTo = Bytes.stringEnd(line, version, Math.min(to, version + 32));
            String agreed = new String(line, version, versionTo - version, java.nio.charset.StandardCharsets.US_ASCII);
            result(
                    Bytes.ascii(
                            "{\"protocolVersion\":\"" + agreed
                                    + "\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"stub\",\"version\":\"1\"}}"),
                    line,
                    idFrom,
                    idTo);
        } else if (Bytes.startsWith(line, name, to, TOOLS_LIST)) {
            result(LIST, line, idFrom, idTo);
        } else if (Bytes.startsWith(line, name, to, PING)) {
            result(Bytes.ascii("{}"), line, idFrom, idTo);
        } else {
            member(
                    "{\"error\":",
                    Bytes.ascii("{\"code\":-32601,\"message\":\"Method not found\"}"),
                    line,
                    idFrom,
                    idTo);
        }
    }

    private void tool(byte[] line, int from, int to, int idFrom, int idTo) {
        int name = Bytes.find(line, from, to, NAME) + NAME.length;
        int message = Bytes.find(line, from, to, MESSAGE) + MESSAGE.length;
        int messageTo = message < MESSAGE.length ? message : Bytes.stringEnd(line, message, to);
        switch (line[name]) {
            case 'd' -> {
                held.text(line, message, messageTo, 0, idFrom, idTo);
                wheel.hold(held.take(), argument(line, from, to, MS));
            }
            case 'b' -> answers.text(line, message, messageTo, argument(line, from, to, BYTES), idFrom, idTo);
            default -> answers.text(line, message, messageTo, 0, idFrom, idTo);
        }
    }

    private static int argument(byte[] line, int from, int to, byte[] name) {
        int at = Bytes.find(line, from, to, name);
        return at < 0 ? 0 : Bytes.number(line, at + name.length, to);
    }

    private void result(byte[] value, byte[] line, int idFrom, int idTo) {
        member("{\"result\":", value, line, idFrom, idTo);
    }

    private void member(String head, byte[] value, byte[] line, int idFrom, int idTo) {
        byte[] start = Bytes.ascii(head);
        byte[] middle = Bytes.ascii(",\"jsonrpc\":\"2.0\",\"id\":");
        byte[] end = Bytes.ascii("}\n");
        answers.append(start, 0, start.length);
        answers.append(value, 0, value.length);
        answers.append(middle, 0, middle.length);
        answers.append(line, idFrom, idTo);
        answers.append(end, 0, end.length);
    }
}
