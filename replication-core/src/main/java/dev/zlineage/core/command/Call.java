// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.Answer;
import java.util.List;
import java.util.Optional;

/** One command of the port on its way through the command line. */
interface Call<R> {

    /** What to run; none when the answer is known without. */
    List<CommandLine> lines();

    /** Understands the outcomes, one for each line. */
    Answer<R> read(List<CommandOutcome> outcomes);

    /** Whether its outcome must be seen before anything else is run. */
    default boolean mayNeedAnother() {
        return false;
    }

    /** What to run in its place after such an outcome. */
    default Optional<Call<R>> another(List<CommandOutcome> outcomes) {
        return Optional.empty();
    }
}
