package io.agenthub.bench.load.peer;

/** The paths that all subjects are asked under. */
final class Paths {
    private static final String PREFIX = "/mcp/stub";

    private Paths() {}

    /** The number of the child in {@code /mcp/stub7/tools/call}; a name without number is the first. */
    static int child(String path) {
        int number = 0;
        for (int i = PREFIX.length(); i < path.length() && path.charAt(i) != '/'; i++) {
            number = number * 10 + path.charAt(i) - '0';
        }
        return number;
    }
}
