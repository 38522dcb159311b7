package io.agenthub.tck;

import io.agenthub.api.rpc.JsonText;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The command line of a small Java program that needs only the API, in this JVM's version of Java; made to start fast. */
public final class JavaProgram {
    private JavaProgram() {}

    /**
     * How to start it.
     *
     * @param main has the {@code main} method
     * @param maxHeap such as {@code 128m}
     * @param arguments its arguments
     * @return program and arguments
     */
    public static String[] command(Class<?> main, String maxHeap, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-XX:-UsePerfData",
                "-Xmx" + maxHeap,
                "-Xss512k",
                "-cp",
                place(main) + File.pathSeparator + place(JsonText.class),
                main.getName()));
        Collections.addAll(command, arguments);
        return command.toArray(String[]::new);
    }

    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("class path of " + type.getName(), e);
        }
    }
}
