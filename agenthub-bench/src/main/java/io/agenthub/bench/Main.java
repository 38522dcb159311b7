package io.agenthub.bench;

import io.agenthub.bench.load.peer.Relay;
import io.agenthub.bench.load.peer.SdkProxy;
import java.util.Arrays;
import java.util.List;

/** Where {@code benchmarks.jar} begins: {@code report} measures and writes the report; anything else goes to JMH. */
public final class Main {
    private Main() {}

    /**
     * Runs one part.
     *
     * @param arguments {@code report [options]}, a part that the report starts as a process of its own, or JMH's arguments
     * @throws Exception if that part fails
     */
    public static void main(String[] arguments) throws Exception {
        List<String> rest = Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
        switch (arguments.length == 0 ? "" : arguments[0]) {
            case "relay" -> Relay.listen(port(rest), children(rest), rest.subList(2, rest.size()));
            case "sdk" -> SdkProxy.listen(port(rest), children(rest), rest.subList(2, rest.size()));
            default -> org.openjdk.jmh.Main.main(arguments);
        }
    }

    private static int port(List<String> arguments) {
        return Integer.parseInt(arguments.get(0));
    }

    private static int children(List<String> arguments) {
        return Integer.parseInt(arguments.get(1));
    }
}
