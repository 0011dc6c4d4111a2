// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;

/** A command that never reaches the host. */
record RefusedCall<R>(ZfsFailure failure) implements Call<R> {

    @Override
    public List<CommandLine> lines() {
        return List.of();
    }

    @Override
    public Answer<R> read(List<CommandOutcome> outcomes) {
        return new Answer.Failed<>(failure);
    }
}
