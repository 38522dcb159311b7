package io.agenthub.store;

/** How many match, as far as they were counted. Confined to one thread. */
final class Count {
    private final int most;
    private final int mostLooked;
    private long looked;
    private long matched;

    /** Counts until more match than so many, or so many were looked at. */
    Count(int most, int mostLooked) {
        this.most = most;
        this.mostLooked = mostLooked;
    }

    /** Counts one. Returns whether counting goes on. */
    boolean add(boolean matches) {
        looked++;
        matched += matches ? 1 : 0;
        return goesOn();
    }

    /** Counts some that match and need not be looked at. */
    void add(int matching) {
        matched += matching;
    }

    boolean goesOn() {
        return matched <= most && looked < mostLooked;
    }

    long matched() {
        return matched;
    }

    /** Whether these are all. */
    boolean isExact() {
        return goesOn();
    }
}
