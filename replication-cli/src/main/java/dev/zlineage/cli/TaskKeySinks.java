// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.run.KeySink;
import dev.zlineage.scheduler.task.ReplicationTask;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who keeps the keys of a task's targets: the program that the task names.
 *
 * @param environment starts it
 * @param otherwise for tasks that name none
 */
record TaskKeySinks(Environment environment, Optional<KeySink> otherwise)
        implements Function<ReplicationTask, Optional<KeySink>> {

    @Override
    public Optional<KeySink> apply(ReplicationTask task) {
        return task.own()
                .keySink()
                .<KeySink>map(program ->
                        new ProgramKeySink(program, environment.hosts().programs()))
                .or(() -> otherwise);
    }
}
