// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.lineage;

import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.TokenContents;
import java.util.Optional;

/**
 * What a resume token is worth to a source and its replica. Snapshots are matched by GUID, as {@code zfs send -t} does, so a
 * renamed snapshot or dataset does not matter.
 */
public sealed interface TokenWorth {

    /**
     * The source can go on where the stream was cut.
     *
     * @param to the place in the source's history of the snapshot that it brings
     * @param from the base as the source has it, a snapshot or a bookmark, and the target; empty for a full stream
     */
    record Resumable(int to, Optional<Base> from) implements TokenWorth {}

    /** The source has no snapshot of that GUID: it was destroyed, or was never there. */
    record SnapshotGone() implements TokenWorth {}

    /** The source knows the snapshot, but neither a snapshot nor a bookmark of its base. */
    record BaseGone() implements TokenWorth {}

    /** The target has gone on without it: it holds that snapshot, or its newest common one is no longer the base. */
    record Overtaken() implements TokenWorth {}

    /**
     * Judges a token.
     *
     * @param token what it says
     * @param source the history of the source
     * @param target the history of the target
     * @param origin the snapshot that the target is a clone of, where the source is one of the same: a first stream has it as
     *     its base
     * @return what can be done with it
     */
    static TokenWorth of(TokenContents token, History source, History target, Optional<Guid> origin) {
        int to = place(source, token.to(), false);
        if (to < 0) {
            return new SnapshotGone();
        }
        if (target.holds(token.to())) {
            return new Overtaken();
        }
        if (token.from().isEmpty() || token.from().equals(origin)) {
            return target.newestSnapshot().isEmpty() ? new Resumable(to, Optional.empty()) : new Overtaken();
        }
        Guid from = token.from().get();
        if (place(source, from, true) < 0) {
            return new BaseGone();
        }
        Optional<Base> base =
                Lineage.base(source, target).filter(b -> b.onTarget().guid().equals(from));
        return base.isPresent() ? new Resumable(to, base) : new Overtaken();
    }

    private static int place(History history, Guid guid, boolean bookmarkToo) {
        for (int i = 0; i < history.size(); i++) {
            if (history.guidBits(i) == guid.bits() && (bookmarkToo || !history.isBookmark(i))) {
                return i;
            }
        }
        return -1;
    }
}
