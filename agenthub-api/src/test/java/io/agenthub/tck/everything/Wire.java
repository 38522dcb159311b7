package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcMessage;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The pipes: one message per line. Reading is confined to the main thread; sending is safe from any. */
final class Wire {
    private final FileInputStream in = new FileInputStream(FileDescriptor.in);
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private final byte[] chunk = new byte[1 << 16];
    private int next;
    private int end;

    /** The next line without its line feed, in an array of its own; null at the end of the input. */
    byte @Nullable [] readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            for (int i = next; i < end; i++) {
                if (chunk[i] == '\n') {
                    line.write(chunk, next, i - next);
                    next = i + 1;
                    return line.toByteArray();
                }
            }
            line.write(chunk, next, end - next);
            next = 0;
            end = in.read(chunk);
            if (end < 0) {
                end = 0;
                return null;
            }
        }
    }

    /** Writes a message as one line, in one piece. */
    void send(RpcMessage message) {
        JsonText json = message.toJson().singleLine();
        byte[] line = new byte[json.length() + 1];
        line[json.copyTo(line, 0)] = '\n';
        synchronized (out) {
            try {
                out.write(line);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
