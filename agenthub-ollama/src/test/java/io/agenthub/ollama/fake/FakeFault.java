package io.agenthub.ollama.fake;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A way to spoil an answer. */
@FunctionalInterface
public interface FakeFault {

    /**
     * Sends the answer, or something else.
     *
     * @param answer what would be right
     * @param socket the connection; closed afterwards unless this returns true
     * @param stopped counted down when the double ends
     * @return whether the connection can be kept
     */
    boolean send(FakeAnswer answer, Socket socket, CountDownLatch stopped) throws IOException, InterruptedException;

    /** No fault. */
    FakeFault NONE = (answer, socket, stopped) -> {
        socket.getOutputStream().write(answer.wire());
        return true;
    };

    /** The right answer, one byte in each segment. */
    FakeFault BYTE_BY_BYTE = (answer, socket, stopped) -> {
        for (byte b : answer.wire()) {
            socket.getOutputStream().write(b);
        }
        return true;
    };

    /** No answer, and no end of the connection. */
    FakeFault HANG = hangAfter(0);

    /** The first bytes, then nothing, and no end of the connection. */
    static FakeFault hangAfter(int bytes) {
        return (answer, socket, stopped) -> {
            socket.getOutputStream().write(Arrays.copyOf(answer.wire(), bytes));
            // Ends when the client closes the connection, or the double does.
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return false;
        };
    }

    /** The head and then white space for ever, a byte at a time. */
    static FakeFault drip(int everyMillis) {
        return (answer, socket, stopped) -> {
            OutputStream out = socket.getOutputStream();
            out.write(head("application/json", Long.MAX_VALUE));
            while (!stopped.await(everyMillis, TimeUnit.MILLISECONDS)) {
                out.write(' ');
            }
            return false;
        };
    }

    /** The first bytes, and an orderly end of the connection. */
    static FakeFault cutAfter(int bytes) {
        return (answer, socket, stopped) -> {
            socket.getOutputStream().write(Arrays.copyOf(answer.wire(), bytes));
            return false;
        };
    }

    /** The first bytes, and a reset of the connection. */
    static FakeFault resetAfter(int bytes) {
        return (answer, socket, stopped) -> {
            socket.getOutputStream().write(Arrays.copyOf(answer.wire(), bytes));
            socket.setSoLinger(true, 0);
            return false;
        };
    }

    /** The right answer, and an end of the connection that the head did not announce. */
    FakeFault CLOSE_AFTERWARDS = (answer, socket, stopped) -> {
        socket.getOutputStream().write(answer.wire());
        return false;
    };

    /** A body of 1 GiB, as one line or as one object that never ends. */
    static FakeFault huge(String contentType) {
        return (answer, socket, stopped) -> {
            OutputStream out = socket.getOutputStream();
            out.write(head(contentType, 1L << 30));
            out.write("{\"response\":\"".getBytes(StandardCharsets.US_ASCII));
            byte[] block = new byte[1 << 16];
            Arrays.fill(block, (byte) 'x');
            for (int i = 0; i < 1 << 14; i++) {
                out.write(block);
            }
            return false;
        };
    }

    /** Bytes that are no answer at all. */
    static FakeFault raw(String bytes) {
        return (answer, socket, stopped) -> {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return false;
        };
    }

    /** Another answer. */
    static FakeFault instead(FakeAnswer other) {
        return (answer, socket, stopped) -> NONE.send(other, socket, stopped);
    }

    /** An error of the server. */
    static FakeFault status(int status, String message) {
        return instead(FakeAnswer.error(status, message));
    }

    /** Some chunks of the right answer, then an error in its place. */
    static FakeFault midStreamError(int chunks, String message) {
        return (answer, socket, stopped) -> {
            java.util.List<byte[]> parts =
                    new java.util.ArrayList<>(answer.parts().subList(0, chunks));
            parts.add(("{\"error\":\"" + message + "\"}\n").getBytes(StandardCharsets.UTF_8));
            return NONE.send(new FakeAnswer(200, answer.contentType(), answer.chunked(), parts), socket, stopped);
        };
    }

    /** Another place to ask. */
    static FakeFault redirect(String location) {
        return raw("HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n");
    }

    private static byte[] head(String contentType, long length) {
        return ("HTTP/1.1 200 OK\r\nContent-Type: " + contentType + "\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
