package io.agenthub.store;

/** Candidates that hold the marks of the block they are at. Confined to one thread. */
abstract class MarkedBlock implements Candidates {
    final long[] marks = new long[Facets.WORDS];
    long block;

    @Override
    public final long block() {
        return block;
    }

    @Override
    public final long marks(int word) {
        return marks[word];
    }
}
