// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.lineage.Base;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The series of streams against an oracle that knows nothing of runs and gaps: it searches every sequence of streams that
 * {@code zfs} offers, shortest first.
 */
class StreamSeriesTest {

    private static final int MOST = 8;

    @Test
    void noShorterSeriesBringsWhatIsSelected() {
        int cases = 0;
        for (int size = 0; size <= MOST; size++) {
            for (int mask = 0; mask < 1 << size; mask++) {
                for (int base = -1; base < size; base++) {
                    cases += check(size, mask, base, false);
                    cases += base < 0 ? 0 : check(size, mask, base, true);
                }
            }
        }
        assertThat(cases).isGreaterThan(6000);
    }

    /** The base is a bookmark: its snapshot is gone from the source, so it can't be selected either. */
    private static int check(int size, int mask, int base, boolean bookmark) {
        History.Builder builder = new History.Builder();
        for (int i = 0; i < size; i++) {
            builder.add(bookmark && i == base, "p" + i, i + 1, i + 1);
        }
        History history = builder.build();
        BitSet selected = BitSet.valueOf(new long[] {mask});
        if (bookmark) {
            selected.clear(base);
        }
        Optional<Base> from = base < 0
                ? Optional.empty()
                : Optional.of(new Base(history.point(base), base, new Snapshot("b", new Guid(base + 1), 1)));

        List<StreamSeries.Segment> found = StreamSeries.minimal(history, from, selected);

        long wanted = 0;
        for (int i = base + 1; i < size; i++) {
            wanted |= selected.get(i) ? 1L << i : 0;
        }
        String what = history + " selected " + selected + " base " + base;
        assertThat(brings(found, base, bookmark)).as(what).isEqualTo(wanted);
        assertThat(found).as(what).hasSize(shortest(size, wanted, base, bookmark));
        return 1;
    }

    /** Carries the series out on a target that is at the base. */
    private static long brings(List<StreamSeries.Segment> series, int base, boolean bookmark) {
        long has = 0;
        int newest = base;
        for (StreamSeries.Segment segment : series) {
            assertThat(segment.from()).isEqualTo(newest);
            if (segment.series()) {
                assertThat(segment.full()).isFalse();
                assertThat(bookmark && segment.from() == base).isFalse();
                for (int i = segment.from() + 1; i <= segment.to(); i++) {
                    has |= 1L << i;
                }
            } else {
                has |= 1L << segment.to();
            }
            newest = segment.to();
        }
        return has;
    }

    private record State(int newest, long has, int streams) {}

    private static int shortest(int size, long wanted, int base, boolean bookmark) {
        Deque<State> queue = new ArrayDeque<>(List.of(new State(base, 0, 0)));
        Set<Long> seen = new HashSet<>();
        while (!queue.isEmpty()) {
            State state = queue.removeFirst();
            if (state.has() == wanted) {
                return state.streams();
            }
            if ((state.has() & ~wanted) != 0 || !seen.add(state.has() << 8 | state.newest() + 1)) {
                continue;
            }
            for (int to = state.newest() + 1; to < size; to++) {
                queue.add(new State(to, state.has() | 1L << to, state.streams() + 1));
                boolean fromSnapshot = state.newest() >= 0 && !(bookmark && state.newest() == base);
                if (fromSnapshot) {
                    long all = 0;
                    for (int i = state.newest() + 1; i <= to; i++) {
                        all |= 1L << i;
                    }
                    queue.add(new State(to, state.has() | all, state.streams() + 1));
                }
            }
        }
        throw new AssertionError("nothing brings " + wanted);
    }
}
