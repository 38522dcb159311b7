package io.agenthub.bench.load.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What one run of load saw.
 *
 * @param latency of every answered call, in nanoseconds; open loop: from the time the call was due
 * @param lateness open loop only: how late the generator itself was with calls for which a connection was free, in nanoseconds
 * @param sent calls sent
 * @param answered calls answered with their own id and payload
 * @param inTime those of them that were answered before the end of the run, from which the rate is counted
 * @param errors calls that ended with a broken connection, another status than 200, or never
 * @param mismatches calls answered with 200 and a wrong id or payload
 * @param span how long the run was
 */
public record LoadResult(
        Histogram latency,
        Histogram lateness,
        long sent,
        long answered,
        long inTime,
        long errors,
        long mismatches,
        Duration span) {

    /**
     * The throughput.
     *
     * @return answered calls per second
     */
    public double rate() {
        return inTime / (span.toNanos() / (double) TimeUnit.SECONDS.toNanos(1));
    }

    /**
     * A quantile of the latency.
     *
     * @param percentile 0 to 100
     * @return milliseconds; zero if nothing was answered
     */
    public double millis(double percentile) {
        return latency.getTotalCount() == 0 ? 0 : latency.getValueAtPercentile(percentile) / 1e6;
    }
}
