package io.agenthub.bench.micro;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.RpcMessage;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to read the envelope of an answer, checked, and to keep its result as a range of bytes?
 *
 * <p>Baselines: a copy of the bytes, Jackson's streaming parser over the whole text, and a Jackson tree.
 *
 * <p>{@code java -jar agenthub-bench/target/benchmarks.jar EnvelopeScan}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class EnvelopeScanBenchmark {
    /** Length of the answer in bytes. */
    @Param({"200", "10000", "1000000"})
    public int bytes;

    /** What it is made of. */
    @Param({"structure", "text"})
    public String shape = "text";

    private final JsonFactory factory = new JsonFactory();
    private final ObjectMapper mapper = new ObjectMapper();
    private byte[] json = {};

    /** Makes the answer. */
    @Setup
    public void prepare() {
        json = Samples.response(bytes, shape);
    }

    /**
     * Baseline: every byte is read and written once.
     *
     * @return the copy
     */
    @Benchmark
    public byte[] copy() {
        return json.clone();
    }

    /**
     * The envelope, as the hub reads it.
     *
     * @return the message
     */
    @Benchmark
    public RpcMessage parse() {
        return RpcMessage.parse(json, JsonLimits.RELAY);
    }

    /**
     * The envelope by Jackson's streaming parser: values skipped, their offsets taken.
     *
     * @return the sum of the offsets
     * @throws IOException never
     */
    @Benchmark
    public long jacksonStreaming() throws IOException {
        long offsets = 0;
        try (JsonParser parser = factory.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                parser.nextToken();
                offsets += parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                offsets += parser.currentLocation().getByteOffset();
            }
        }
        return offsets;
    }

    /**
     * The whole as a Jackson tree.
     *
     * @return the tree
     * @throws IOException never
     */
    @Benchmark
    public JsonNode jacksonTree() throws IOException {
        return mapper.readTree(json);
    }
}
