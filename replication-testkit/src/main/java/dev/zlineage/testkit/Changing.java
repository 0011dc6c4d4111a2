// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.ZfsCommand;

/** What verbs that change something have in common: they print nothing when they succeed. */
final class Changing {

    private Changing() {}

    static void run(FakeZfs zfs, ZfsCommand<Effect> command, Printer to) {
        run(zfs, command, 1, to);
    }

    static void run(FakeZfs zfs, ZfsCommand<Effect> command, int codeOfFailure, Printer to) {
        if (zfs.execute(command) instanceof Answer.Failed<Effect> failed) {
            to.complain(codeOfFailure, failed.failure());
        }
    }

    /** For a command of which OpenZFS complains when there is nothing left to do. */
    static void run(FakeZfs zfs, ZfsCommand<Effect> command, String nothingToDo, Printer to) {
        run(zfs, command, 1, nothingToDo, to);
    }

    static void run(FakeZfs zfs, ZfsCommand<Effect> command, int codeOfFailure, String nothingToDo, Printer to) {
        Answer<Effect> answer = zfs.execute(command);
        if (answer instanceof Answer.Failed<Effect> failed) {
            to.complain(codeOfFailure, failed.failure());
        } else if (answer.orThrow() == Effect.ALREADY) {
            to.complain(codeOfFailure, nothingToDo);
        }
    }
}
