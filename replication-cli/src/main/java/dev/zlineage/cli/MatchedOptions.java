// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Which options somebody gave, whatever their values. */
final class MatchedOptions {

    private MatchedOptions() {}

    /** Their longest names, each once; none of a command that was not parsed. */
    static List<String> of(@Nullable CommandSpec command) {
        return command == null
                ? List.of()
                : command.commandLine().getParseResult().matchedOptions().stream()
                        .map(OptionSpec::longestName)
                        .distinct()
                        .toList();
    }
}
