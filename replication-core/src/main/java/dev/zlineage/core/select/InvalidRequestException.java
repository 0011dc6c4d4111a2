// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import java.util.List;
import java.util.stream.Collectors;

/** A request that cannot be meant. It names everything that is wrong with it at once. */
public final class InvalidRequestException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * One thing that is wrong.
     *
     * @param field the field of the request
     * @param message what is wrong with it and what would be right
     */
    public record Problem(String field, String message) {}

    /**
     * Gathers problems.
     *
     * @param problems at least one
     */
    public InvalidRequestException(List<Problem> problems) {
        super(problems.stream().map(p -> p.field() + ": " + p.message()).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /**
     * Everything that is wrong.
     *
     * @return at least one problem
     */
    public List<Problem> problems() {
        return problems;
    }
}
