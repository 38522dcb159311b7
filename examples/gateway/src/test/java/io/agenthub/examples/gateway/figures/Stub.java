package io.agenthub.examples.gateway.figures;

import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.StartMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** The Perl server of the figures, ready to be run. */
final class Stub {
    private final Path script;

    /** Puts the script into a folder. */
    Stub(Path folder) {
        script = copy("stub.pl", folder);
    }

    /** Puts one of the figures' scripts into a folder. */
    static Path copy(String name, Path folder) {
        Path copy = folder.resolve(name);
        try (InputStream source = Stub.class.getResourceAsStream("/figures/" + name)) {
            if (source == null) {
                throw new IllegalStateException("figures/" + name + " is not on the class path");
            }
            Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path script() {
        return script;
    }

    /** An eager server that only the figure's own acts disturb. */
    ServerSpec.Builder server(String name, String... modes) {
        String[] command = new String[modes.length + 2];
        command[0] = "perl";
        command[1] = script.toString();
        System.arraycopy(modes, 0, command, 2, modes.length);
        return ServerSpec.stdio(name, command)
                .setting("protocol", "legacy")
                .start(StartMode.EAGER)
                .healthInterval(Duration.ZERO)
                .callTimeout(Duration.ofSeconds(10));
    }
}
