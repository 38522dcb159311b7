package io.agenthub.bench.load.proc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The machine under a virtual one, which may give its processors to others: a measurement during which it did says little, and is
 * taken again. What counts is the time that was taken away, whatever was measured. Used by one thread.
 *
 * <p>On Linux it is the field {@code steal} of {@code /proc/stat}, in steps of 10 ms; elsewhere nothing is known of it, and every
 * measurement stands.
 */
public final class Host {
    /** The part of all processors' time that others may have during a measurement. */
    private static final double MOST = 0.005;

    private static final int STEAL = 7;

    private final Path stat;
    private final int tries;
    private int measurements;
    private int repetitions;
    private int disturbed;
    private double worst;

    /**
     * Something that takes a while and is asked for again if others disturbed it.
     *
     * @param <T> what comes of it
     * @param <E> how it fails
     */
    @FunctionalInterface
    public interface Measurement<T, E extends Exception> {
        /** Measures. */
        T take() throws E;
    }

    private record Ticks(long stolen, long all) {
        double stolenSince(Ticks before) {
            return (double) (stolen - before.stolen) / Math.max(1, all - before.all);
        }
    }

    /**
     * Watches this machine.
     *
     * @param tries how often a measurement is taken at most, at least once
     */
    public Host(int tries) {
        this(Path.of("/proc/stat"), tries);
    }

    Host(Path stat, int tries) {
        this.stat = stat;
        this.tries = tries;
    }

    /**
     * Measures until nobody disturbs it, or often enough.
     *
     * @param measurement what is measured; each time counts for what must never happen, such as errors
     * @return what came of the first undisturbed time, or of the least disturbed one
     * @throws E if measuring fails
     * @param <T> what comes of it
     * @param <E> how it fails
     */
    public <T, E extends Exception> T undisturbed(Measurement<T, E> measurement) throws E {
        measurements++;
        Ticks before = ticks();
        T best = measurement.take();
        double least = ticks().stolenSince(before);
        for (int i = 1; i < tries && least > MOST; i++) {
            repetitions++;
            before = ticks();
            T next = measurement.take();
            double stolen = ticks().stolenSince(before);
            if (stolen < least) {
                best = next;
                least = stolen;
            }
        }
        if (least > MOST) {
            disturbed++;
            worst = Math.max(worst, least);
        }
        return best;
    }

    private Ticks ticks() {
        try {
            String[] fields =
                    Files.readAllLines(stat).get(0).replaceFirst("cpu\\s+", "").split(" ", -1);
            long all = 0;
            for (int i = 0; i <= STEAL; i++) {
                all += Long.parseLong(fields[i]);
            }
            return new Ticks(Long.parseLong(fields[STEAL]), all);
        } catch (IOException e) {
            return new Ticks(0, 0);
        }
    }

    /**
     * What a report says of it.
     *
     * @return a sentence
     */
    public String describe() {
        String all = measurements + " measurements, taken " + (measurements + repetitions)
                + " times until the host had taken at most " + percent(MOST) + " of the processors meanwhile";
        return disturbed == 0 ? all : all + "; " + disturbed + " stayed disturbed, by up to " + percent(worst);
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.1f %%", part * 100);
    }
}
