package io.agenthub.store;

import java.util.List;

/** All blocks of some parts of the record, with every sequence in them. */
final class EveryBlock implements Candidates {
    private final List<Extent> extents;
    private int index;
    private long block;
    private long last;

    /**
     * Goes through extents.
     *
     * @param extents the newest first, none of which reach into a block of another
     */
    EveryBlock(List<Extent> extents) {
        this.extents = List.copyOf(extents);
    }

    @Override
    public boolean next() {
        if (index > 0 && block > last) {
            block--;
            return true;
        }
        while (index < extents.size()) {
            Extent extent = extents.get(index++);
            if (!extent.isEmpty()) {
                block = Facets.block(extent.most());
                last = Facets.block(extent.least());
                return true;
            }
        }
        return false;
    }

    @Override
    public long block() {
        return block;
    }

    @Override
    public long marks(int word) {
        return -1;
    }

    @Override
    public void close() {}
}
