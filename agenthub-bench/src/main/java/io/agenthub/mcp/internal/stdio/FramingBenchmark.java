package io.agenthub.mcp.internal.stdio;

import java.util.Arrays;
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
 * What does it cost to cut what a pipe brings, 64 KiB a read, into lines? In this package because the framer is nobody
 * else's.
 *
 * <p>Baseline: one look at each byte, and a copy of the whole.
 *
 * <p>{@code java -jar agenthub-bench/target/benchmarks.jar FramingBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class FramingBenchmark {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int LIMIT = 16 << 20;

    /** Length of a line, its end included. A line longer than the chunk begins in one read and ends in another. */
    @Param({"128", "8192", "65536", "1048576"})
    public int lineBytes;

    private final Count count = new Count();
    private final LineFramer framer = new LineFramer(LIMIT, new PieceStock(task -> {}), count);
    private byte[] stream = {};

    /** Makes what is read: one chunk, or as many as the line is long. */
    @Setup
    public void prepare() {
        stream = new byte[Math.max(CHUNK_BYTES, lineBytes)];
        Arrays.fill(stream, (byte) 'x');
        for (int i = lineBytes / 2; i < stream.length; i += lineBytes) {
            stream[i] = '\n';
        }
    }

    /**
     * Baseline: the bytes looked at and copied.
     *
     * @return the copy
     */
    @Benchmark
    public byte[] lookAndCopy() {
        for (byte b : stream) {
            count.bytes += b == '\n' ? 1 : 0;
        }
        return stream.clone();
    }

    /**
     * The lines of the same bytes, a chunk at a time.
     *
     * @return how many bytes they had so far
     */
    @Benchmark
    public long lines() {
        for (int at = 0; at < stream.length; at += CHUNK_BYTES) {
            framer.feed(stream, at, at + CHUNK_BYTES);
        }
        return count.bytes;
    }

    private static final class Count implements LineFramer.Sink {
        private long bytes;

        @Override
        public void line(byte[] line, int from, int to) {
            bytes += to - from;
        }

        @Override
        public void lineTooLong(EnvelopeScan envelope) {
            throw new IllegalStateException("no line is longer than the limit");
        }
    }
}
