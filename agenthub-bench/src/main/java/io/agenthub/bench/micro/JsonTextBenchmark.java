package io.agenthub.bench.micro;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.JsonText;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What do the accessors of a text cost that is never made into a tree: one member, and one member set?
 *
 * <p>Baselines: the same with a Jackson tree, from bytes to bytes.
 *
 * <p>{@code java -jar agenthub-bench/target/benchmarks.jar JsonTextBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class JsonTextBenchmark {
    private static final byte[] PARAMS = Samples.ascii("""
            {"name":"search","arguments":{"query":"caffeine cache","limit":20,"filters":{"kind":["a","b"],"deep":true}},\
            "_meta":{"progressToken":17}}""");
    private static final JsonText TOKEN = JsonText.of("18");

    private final ObjectMapper mapper = new ObjectMapper();
    private final JsonText text = JsonText.of(PARAMS, JsonLimits.DOOR);

    /**
     * The tool's name, as the hub looks it up for each call.
     *
     * @return the name
     */
    @Benchmark
    public Optional<String> member() {
        return text.member("name").flatMap(JsonText::string);
    }

    /**
     * Baseline: the same by a tree.
     *
     * @return the name
     * @throws IOException never
     */
    @Benchmark
    public String memberByTree() throws IOException {
        return mapper.readTree(PARAMS).get("name").textValue();
    }

    /**
     * One member replaced, everything else byte for byte.
     *
     * @return the changed text
     */
    @Benchmark
    public JsonText with() {
        return text.with("_meta", TOKEN);
    }

    /**
     * Baseline: the same by a tree, written out again.
     *
     * @return the changed text
     * @throws IOException never
     */
    @Benchmark
    public byte[] withByTree() throws IOException {
        ObjectNode tree = (ObjectNode) mapper.readTree(PARAMS);
        tree.put("_meta", 18);
        return mapper.writeValueAsBytes(tree);
    }
}
