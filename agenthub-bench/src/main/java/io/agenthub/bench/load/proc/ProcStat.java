package io.agenthub.bench.load.proc;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/** What the system knows of a process. */
public final class ProcStat {
    private static final long CLOCK_TICK_NANOS = 10_000_000;
    private static final int USER_TICKS = 11;
    private static final int THREADS = 17;

    private ProcStat() {}

    /**
     * The CPU time that a process has used, its own threads only.
     *
     * @param process the process
     * @return user and system time, in steps of 10 ms
     */
    public static Duration cpu(ProcessHandle process) {
        String[] fields = stat(process.pid());
        if (fields.length == 0) {
            return process.info().totalCpuDuration().orElse(Duration.ZERO);
        }
        long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1]);
        return Duration.ofNanos(ticks * CLOCK_TICK_NANOS);
    }

    /**
     * How many threads a process has.
     *
     * @param process the process
     * @return their number, 0 if unknown
     */
    public static int threads(ProcessHandle process) {
        String[] fields = stat(process.pid());
        return fields.length == 0 ? 0 : Integer.parseInt(fields[THREADS]);
    }

    /**
     * The CPU time that the compilers of a JVM have used.
     *
     * @param process a JVM
     * @return user and system time of the compiler threads there are now, in steps of 10 ms
     */
    public static Duration compilers(ProcessHandle process) {
        long ticks = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).matches("C[12] Compiler.*\\s*")) {
                    String[] fields = fields(thread.resolve("stat"));
                    ticks += Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1]);
                }
            }
        } catch (IOException e) {
            // Of a process that has just ended, or of another system.
            return Duration.ZERO;
        }
        return Duration.ofNanos(ticks * CLOCK_TICK_NANOS);
    }

    private static String[] stat(long pid) {
        try {
            return fields(Path.of("/proc/" + pid + "/stat"));
        } catch (IOException e) {
            return new String[0];
        }
    }

    /** The fields after the command's name, which may hold anything. */
    private static String[] fields(Path stat) throws IOException {
        String line = Files.readString(stat);
        return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    }

    /**
     * The memory of a process that is resident now.
     *
     * @param process the process
     * @return bytes, or empty if unknown
     */
    public static OptionalLong residentBytes(ProcessHandle process) {
        return status(process.pid(), "VmRSS:");
    }

    /**
     * The most memory of a process that has ever been resident.
     *
     * @param process the process
     * @return bytes, or empty if unknown
     */
    public static OptionalLong peakResidentBytes(ProcessHandle process) {
        return status(process.pid(), "VmHWM:");
    }

    /**
     * Forgets the peak of a process's resident memory, where the system lets us: what is resident now is the peak then.
     *
     * @param process the process
     */
    public static void forgetPeak(ProcessHandle process) {
        try {
            Files.writeString(Path.of("/proc/" + process.pid() + "/clear_refs"), "5");
        } catch (IOException e) {
            // Then the peak is that of its whole life, and a growth can only be overstated.
            return;
        }
    }

    /**
     * The CPU time that a process and all its descendants have used.
     *
     * @param process the process
     * @return user and system time, in steps of 10 ms
     */
    public static Duration familyCpu(ProcessHandle process) {
        return process.descendants().map(ProcStat::cpu).reduce(cpu(process), Duration::plus);
    }

    private static OptionalLong status(long pid, String name) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
