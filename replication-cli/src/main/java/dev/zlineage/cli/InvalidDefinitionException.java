// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.cli.definition.Mistake;
import java.nio.file.Path;
import java.util.List;

/** A definition file with mistakes. Nothing of it is run: a task that is left out could be one that was counted on. */
final class InvalidDefinitionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final transient List<Mistake> mistakes;

    InvalidDefinitionException(Path file, List<Mistake> mistakes) {
        super(file + " has " + Words.count(mistakes.size(), "mistake") + ", and nothing was done");
        this.file = file;
        this.mistakes = List.copyOf(mistakes);
    }

    Path file() {
        return file;
    }

    List<Mistake> mistakes() {
        return mistakes;
    }
}
