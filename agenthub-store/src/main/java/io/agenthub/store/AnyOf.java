package io.agenthub.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The blocks of several candidates as one: what any of them has marked. */
final class AnyOf extends MarkedBlock {
    private final List<Candidates> all;
    private final PriorityQueue<Candidates> newestFirst =
            new PriorityQueue<>(Comparator.comparingLong(Candidates::block).reversed());
    private final List<Candidates> here = new ArrayList<>();
    private boolean begun;

    AnyOf(List<Candidates> all) {
        this.all = all;
    }

    @Override
    public boolean next() throws SQLException {
        advance(begun ? here : all);
        begun = true;
        Candidates newest = newestFirst.peek();
        if (newest == null) {
            return false;
        }
        block = newest.block();
        Arrays.fill(marks, 0);
        while (newest != null && newest.block() == block) {
            here.add(newestFirst.remove());
            for (int i = 0; i < Facets.WORDS; i++) {
                marks[i] |= newest.marks(i);
            }
            newest = newestFirst.peek();
        }
        return true;
    }

    private void advance(List<Candidates> passed) throws SQLException {
        for (Candidates each : passed) {
            if (each.next()) {
                newestFirst.add(each);
            }
        }
        here.clear();
    }

    @Override
    public void close() throws SQLException {
        for (Candidates each : all) {
            each.close();
        }
    }
}
