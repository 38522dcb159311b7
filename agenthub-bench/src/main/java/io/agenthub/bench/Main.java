package io.agenthub.bench;

import io.agenthub.bench.load.LoadCommand;
import io.agenthub.bench.load.ReportCommand;
import io.agenthub.bench.load.part.InProcessCalls;
import io.agenthub.bench.load.part.LibraryGateway;
import io.agenthub.bench.load.part.WaysToWait;
import io.agenthub.bench.load.peer.BarePipe;
import io.agenthub.bench.load.peer.Relay;
import io.agenthub.bench.load.peer.SdkGateway;
import io.agenthub.bench.load.peer.SdkProxy;
import io.agenthub.bench.load.proc.Part;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.catalina.LifecycleException;

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
            case "sdk-gateway" -> sdkGateway(SdkGateway.Face.SESSIONS, rest);
            case "sdk-stateless" -> sdkGateway(SdkGateway.Face.STATELESS, rest);
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

    private static void sdkGateway(SdkGateway.Face face, List<String> arguments) throws LifecycleException {
        SdkGateway.listen(face, number(arguments, 0), number(arguments, 1), arguments.subList(2, arguments.size()));
    }

    private static int number(List<String> arguments, int index) {
        return Integer.parseInt(arguments.get(index));
    }
}
