package io.agenthub.bench;

import io.agenthub.bench.load.LoadCommand;
import io.agenthub.bench.load.ReportCommand;
import io.agenthub.bench.load.part.InProcessCalls;
import io.agenthub.bench.load.part.LibraryGateway;
import io.agenthub.bench.load.part.WaysToWait;
import io.agenthub.bench.load.peer.BarePipe;
import io.agenthub.bench.load.peer.Relay;
import io.agenthub.bench.load.peer.SdkProxy;
import io.agenthub.bench.load.proc.Part;
import java.time.Duration;
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
            case "relay" -> Relay.listen(number(rest, 0), number(rest, 1), rest.subList(2, rest.size()));
            case "sdk" -> SdkProxy.listen(number(rest, 0), number(rest, 1), rest.subList(2, rest.size()));
            case "report" -> ReportCommand.run(rest);
            case "gateway" -> LibraryGateway.listen(rest);
            case "pipes" ->
                Part.print(
                        "speed",
                        BarePipe.copy(
                                rest.subList(2, rest.size()), number(rest, 0), Duration.ofMillis(number(rest, 1))));
            case "calls" -> InProcessCalls.run(rest);
            case "ways" -> WaysToWait.run(rest);
            case "load" -> LoadCommand.run(rest);
            default -> org.openjdk.jmh.Main.main(arguments);
        }
    }

    private static int number(List<String> arguments, int index) {
        return Integer.parseInt(arguments.get(index));
    }
}
