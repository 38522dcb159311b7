package io.agenthub.bench.load.proc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which processors the measured process and the load may use: with two or more and {@code taskset}, the measured process has
 * one to itself, load and servers share the others. Otherwise everything runs everywhere.
 *
 * @param active whether anything is pinned
 * @param processors how many the machine has
 */
public record Pinning(boolean active, int processors) {
    private static final String MEASURED = "0";

    /**
     * Finds out what is possible here.
     *
     * @param wanted false to pin nothing
     * @return the pinning
     */
    public static Pinning detect(boolean wanted) {
        int processors = Runtime.getRuntime().availableProcessors();
        return new Pinning(wanted && processors >= 2 && succeeds(List.of("taskset", "--version")), processors);
    }

    /**
     * The same command on the processor of the measured process.
     *
     * @param command any command
     * @return the command, prefixed if anything is pinned
     */
    public List<String> measured(List<String> command) {
        return prefixed(command, MEASURED);
    }

    /**
     * The same command on the processors of the load.
     *
     * @param command any command
     * @return the command, prefixed if anything is pinned
     */
    public List<String> load(List<String> command) {
        return prefixed(command, loadProcessors());
    }

    /**
     * The same command on every processor; without this it would stay on those of this process.
     *
     * @param command any command
     * @return the command, prefixed if anything is pinned
     */
    public List<String> free(List<String> command) {
        return prefixed(command, allProcessors());
    }

    private List<String> prefixed(List<String> command, String cpus) {
        if (!active) {
            return command;
        }
        List<String> whole = new ArrayList<>(List.of("taskset", "-c", cpus));
        whole.addAll(command);
        return whole;
    }

    private String allProcessors() {
        return "0-" + (processors - 1);
    }

    private String loadProcessors() {
        return processors == 2 ? "1" : "1-" + (processors - 1);
    }

    /**
     * Moves this process to the processors of the load, or back to all of them.
     *
     * @param pinned false for all
     */
    public void moveSelf(boolean pinned) {
        if (active) {
            String cpus = pinned ? loadProcessors() : allProcessors();
            String pid = Long.toString(ProcessHandle.current().pid());
            if (!succeeds(List.of("taskset", "-a", "-c", "-p", cpus, pid))) {
                throw new IllegalStateException("taskset refuses to move process " + pid + " to processor " + cpus);
            }
        }
    }

    /**
     * What a report says of it.
     *
     * @return a sentence
     */
    public String describe() {
        return active
                ? "the measured process on processor " + MEASURED + ", load generator and stub servers on "
                        + loadProcessors()
                : "no process pinned to a processor";
    }

    private static boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
