package io.agenthub.examples.gateway.figures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What Linux tells of processes. */
final class Proc {
    private static final Path ROOT = Path.of("/proc");
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final int STEAL = 7;

    private Proc() {}

    /** Descriptors this JVM has open. */
    static int descriptors() {
        return entries(ROOT.resolve("self/fd")).size();
    }

    /** Threads of this JVM, its own included. */
    static int threads() {
        return entries(ROOT.resolve("self/task")).size();
    }

    /** Children of this JVM that ended and were not waited for. */
    static long zombies() {
        String parent = Long.toString(ProcessHandle.current().pid());
        return processes().stream()
                .map(Proc::stat)
                .filter(fields -> fields.length > 1 && fields[0].equals("Z") && fields[1].equals(parent))
                .count();
    }

    /** Live processes whose environment holds the marker. */
    static List<Long> marked(String marker) {
        List<Long> found = new ArrayList<>();
        for (Path process : processes()) {
            if (read(process.resolve("environ")).contains(marker)) {
                found.add(Long.parseLong(process.getFileName().toString()));
            }
        }
        return found;
    }

    /** Whether a process exists and has not ended. */
    static boolean alive(long pid) {
        String[] fields = stat(ROOT.resolve(Long.toString(pid)));
        return fields.length > 1 && !fields[0].equals("Z") && !fields[0].equals("X");
    }

    /** The share of all cores' time, from 0 to 1, that the whole machine worked while something ran. */
    static double busy(Runnable something) {
        long[] before = cores();
        something.run();
        long[] after = cores();
        double all = Arrays.stream(after).sum() - Arrays.stream(before).sum();
        return all == 0 ? 0 : 1 - (after[IDLE] + after[IO_WAIT] - before[IDLE] - before[IO_WAIT]) / all;
    }

    private static long[] cores() {
        String[] fields =
                read(ROOT.resolve("stat")).lines().findFirst().orElse("cpu").split(" +");
        return Arrays.stream(fields)
                .skip(1)
                .limit(STEAL + 1)
                .mapToLong(Long::parseLong)
                .toArray();
    }

    /** State, parent and so on: what follows the name, which may hold anything. */
    private static String[] stat(Path process) {
        String line = read(process.resolve("stat"));
        int name = line.lastIndexOf(") ");
        return name < 0 ? new String[0] : line.substring(name + 2).split(" ");
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // It ended, or is not ours to look at.
        }
    }

    private static List<Path> processes() {
        return entries(ROOT).stream()
                .filter(path -> Character.isDigit(path.getFileName().toString().charAt(0)))
                .toList();
    }

    private static List<Path> entries(Path folder) {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(all::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }
}
