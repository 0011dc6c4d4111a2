// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.Answer;
import java.util.List;

/** A command without operands. The program is not run: {@code zfs list} without names would list everything. */
record NothingToDo<R>(R answer) implements Call<R> {

    @Override
    public List<CommandLine> lines() {
        return List.of();
    }

    @Override
    public Answer<R> read(List<CommandOutcome> outcomes) {
        return new Answer.Done<>(answer);
    }
}
