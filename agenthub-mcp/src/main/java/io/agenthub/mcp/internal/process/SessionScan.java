package io.agenthub.mcp.internal.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the processes of a session in Linux's process table. Blocks while it reads. */
final class SessionScan {
    private static final Path PROC = Path.of("/proc");
    private static final int SESSION_FIELD = 3;

    private SessionScan() {}

    /** The live processes of a session. */
    static List<ProcessHandle> members(long session) {
        List<ProcessHandle> members = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (session(process) == session) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(members::add);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // No process table, no members to be found by it; the descendants remain.
            return members;
        }
        return members;
    }

    /** Whether a process has ended and only waits for its parent to take note. */
    static boolean isZombie(long pid) {
        String[] fields = fields(PROC.resolve(Long.toString(pid)));
        return fields.length > 0 && fields[0].equals("Z");
    }

    private static long session(Path process) {
        return session(fields(process)).orElse(-1L);
    }

    private static String[] fields(Path process) {
        try {
            return fields(Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // It ended while we looked, or this system has no such table.
            return new String[0];
        }
    }

    /** What follows the name in a line of {@code /proc/PID/stat}; the name may hold anything, parentheses too. */
    static String[] fields(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ", SESSION_FIELD + 2);
    }

    private static Optional<Long> session(String[] fields) {
        boolean member = fields.length > SESSION_FIELD && !fields[0].equals("Z");
        return member ? Optional.of(Long.parseLong(fields[SESSION_FIELD])) : Optional.empty();
    }
}
