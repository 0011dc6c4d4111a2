// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is to go wrong, and who is to interfere. To be called with the monitor of the host. */
final class Faults {

    /** A command that is to fail, once. */
    private record Planned(Predicate<ZfsCommand<?>> which, ZfsFailure.Kind kind, boolean takesEffect) {}

    private final List<Planned> planned = new ArrayList<>();
    private final Deque<Long> cuts = new ArrayDeque<>();
    private final Deque<Long> stalls = new ArrayDeque<>();
    private final Deque<Long> receiverCuts = new ArrayDeque<>();
    private long cutAll = Long.MAX_VALUE;
    private Consumer<ZfsCommand<?>> beforeEach = command -> {};
    private Consumer<SendStream> beforeSend = stream -> {};

    void fail(Predicate<ZfsCommand<?>> which, ZfsFailure.Kind kind, boolean takesEffect) {
        planned.add(new Planned(which, kind, takesEffect));
    }

    /** The failure for a command that is to have no effect, if any; it is used up. */
    ZfsFailure.@Nullable Kind insteadOf(ZfsCommand<?> command) {
        return take(command, false);
    }

    /** The failure to tell of a command that took effect, if any; it is used up. */
    ZfsFailure.@Nullable Kind after(ZfsCommand<?> command) {
        return take(command, true);
    }

    private ZfsFailure.@Nullable Kind take(ZfsCommand<?> command, boolean takesEffect) {
        for (Iterator<Planned> i = planned.iterator(); i.hasNext(); ) {
            Planned next = i.next();
            if (next.takesEffect() == takesEffect && next.which().test(command)) {
                i.remove();
                return next.kind();
            }
        }
        return null;
    }

    /** Nothing goes wrong any more, and nobody interferes. */
    void forget() {
        planned.clear();
        cuts.clear();
        stalls.clear();
        receiverCuts.clear();
        cutAll = Long.MAX_VALUE;
        beforeEach = command -> {};
        beforeSend = stream -> {};
    }

    void cutAll(long afterBytes) {
        cutAll = afterBytes;
    }

    void cutNext(long afterBytes) {
        cuts.add(afterBytes);
    }

    void cutNextReceive(long afterBytes) {
        receiverCuts.add(afterBytes);
    }

    /** How much the receive that starts now gets. */
    long nextReceiverCut() {
        Long next = receiverCuts.poll();
        return next == null ? Long.MAX_VALUE : next;
    }

    void stallNext(long afterBytes) {
        stalls.add(afterBytes);
    }

    /** How the stream that starts now ends before its time. */
    Interruption nextInterruption() {
        Long stall = stalls.poll();
        if (stall != null) {
            return new Interruption(stall, true);
        }
        Long next = cuts.poll();
        return new Interruption(next == null ? cutAll : Math.min(next, cutAll), false);
    }

    /**
     * The end of a stream before its time.
     *
     * @param afterBytes how much of it gets through
     * @param stands whether it stands still then, until it is aborted, rather than break
     */
    record Interruption(long afterBytes, boolean stands) {}

    Consumer<ZfsCommand<?>> beforeEach() {
        return beforeEach;
    }

    void beforeEach(Consumer<ZfsCommand<?>> hook) {
        beforeEach = hook;
    }

    Consumer<SendStream> beforeSend() {
        return beforeSend;
    }

    void beforeSend(Consumer<SendStream> hook) {
        beforeSend = hook;
    }
}
