// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.lineage.TokenWorth;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.TokenContents;
import java.util.BitSet;
import java.util.Optional;

/** What is done about the state that an interrupted receive left on a target. */
sealed interface PartialState {

    /** There is none. */
    record None() implements PartialState {}

    /**
     * It is carried on.
     *
     * @param worth from where to where
     * @param token by which
     * @param contents what that says
     */
    record CarryOn(TokenWorth.Resumable worth, Dataset.ResumeToken token, TokenContents contents)
            implements PartialState {}

    /**
     * It is ours and worth nothing.
     *
     * @param step discards it
     */
    record Discard(TargetStep.DiscardPartial step) implements PartialState {}

    /**
     * It may be of worth to someone else.
     *
     * @param decision says so
     */
    record Refuse(Decision.Refuse decision) implements PartialState {}

    /**
     * Judges it against the plan.
     *
     * @param source the dataset that is sent
     * @param history its history
     * @param selected which of it the target is to have
     * @param target the target
     * @param targetHistory its history
     * @param origin the snapshot that both are clones of
     * @param contents what its token says; empty when the source can't read it
     * @param raw whether the plan sends raw
     */
    static PartialState of(
            Dataset source,
            History history,
            BitSet selected,
            Dataset target,
            History targetHistory,
            Optional<Guid> origin,
            Optional<TokenContents> contents,
            boolean raw) {
        Optional<Dataset.ResumeToken> token = target.resumeToken();
        if (token.isEmpty()) {
            return new None();
        }
        if (contents.isEmpty()) {
            return refuse(target, "left a token there that the source can't read");
        }
        TokenContents said = contents.get();
        TokenWorth worth = TokenWorth.of(said, history, targetHistory, origin);
        if (worth instanceof TokenWorth.Resumable resumable) {
            if (source.encryption().isPresent() && said.raw() != raw) {
                return discard(
                        target,
                        said,
                        "it was " + (raw ? "not " : "") + "raw, and now is to be "
                                + (raw ? "raw" : "readable on the target"));
            }
            return selected.get(resumable.to())
                    ? new CarryOn(resumable, token.get(), said)
                    : discard(target, said, history.point(resumable.to()) + " is not selected any more");
        }
        if (worth instanceof TokenWorth.Overtaken) {
            return discard(target, said, "the target has gone on without it");
        }
        if (worth instanceof TokenWorth.BaseGone) {
            return discard(target, said, "the source has lost its base, and has no bookmark of it");
        }
        // a snapshot that is not there: destroyed, if it was of this dataset; of somebody else's replication, if not
        return said.toName().startsWith(source.name() + "@")
                ? discard(target, said, said.toName() + " is gone")
                : refuse(target, "was of " + said.toName() + ", which the source does not have");
    }

    private static PartialState discard(Dataset target, TokenContents said, String why) {
        return new Discard(new TargetStep.DiscardPartial(target.name(), why, said.bytes()));
    }

    private static PartialState refuse(Dataset target, String what) {
        return new Refuse(new Decision.Refuse(
                Decision.Reason.PARTIAL_RECEIVE,
                "an interrupted receive " + what,
                "let the tool that began it finish, or discard the state: zfs receive -A " + target.name()));
    }
}
