package io.agenthub.tck.everything;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What happened, line by line, in a file that several processes may append to. Thread-safe. */
final class Journal implements Closeable {
    private final @Nullable FileOutputStream file;

    Journal(@Nullable Path file) throws IOException {
        this.file = file == null ? null : new FileOutputStream(file.toFile(), true);
    }

    void note(String what) throws IOException {
        if (file != null) {
            // One write in append mode, so that lines of several processes do not mix.
            String pid = Long.toString(ProcessHandle.current().pid());
            file.write(pid.concat(" ").concat(what).concat("\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
