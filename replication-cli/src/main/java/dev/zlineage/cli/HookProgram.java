// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.scheduler.task.HookPrograms;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.tick.SnapshotHook;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs the programs that a task names beside its snapshots. They have no arguments and no input; variables tell them what it is
 * about. What one has said is told when it fails. One that takes too long is ended, with all that it has started.
 *
 * @param programs which
 */
record HookProgram(HookPrograms programs) implements SnapshotHook {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    static Optional<SnapshotHook> of(PeriodicSnapshotTask task) {
        return Optional.of(task.own().hooks())
                .filter(programs -> !programs.isEmpty())
                .map(HookProgram::new);
    }

    @Override
    public void before(Occasion occasion) throws HookFailedException, InterruptedException {
        if (programs.before().isPresent()) {
            run(programs.before().get(), variables(occasion, "before"), occasion.cancellation()::isCancelled);
        }
    }

    @Override
    public void after(Occasion occasion, boolean taken) throws HookFailedException, InterruptedException {
        if (programs.after().isPresent()) {
            Map<String, String> variables = variables(occasion, "after");
            variables.put("ZLINEAGE_TAKEN", Boolean.toString(taken));
            run(programs.after().get(), variables, () -> false); // what was frozen is to be thawed
        }
    }

    private static Map<String, String> variables(Occasion occasion, String when) {
        Map<String, String> variables = new TreeMap<>();
        variables.put("ZLINEAGE_HOOK", when);
        variables.put("ZLINEAGE_TASK", occasion.task());
        variables.put("ZLINEAGE_DATASET", occasion.snapshot().dataset().value());
        variables.put("ZLINEAGE_SNAPSHOT", occasion.snapshot().label());
        return variables;
    }

    private void run(String program, Map<String, String> variables, BooleanSupplier cancelled)
            throws HookFailedException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(program).redirectErrorStream(true).redirectInput(new File("/dev/null"));
        builder.environment().putAll(variables);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new HookFailedException(program + " could not be run: " + e.getMessage());
        }
        HookOutput said = HookOutput.of(process);
        boolean ended = false;
        try {
            ended = ends(process, cancelled);
        } finally {
            if (!ended) {
                kill(process);
            }
        }
        if (!ended) {
            String why = cancelled.getAsBoolean()
                    ? " was ended, since the run was cancelled"
                    : " did not end within " + programs.timeLimit() + ", and was ended";
            throw new HookFailedException(program + why + said.words());
        }
        if (process.exitValue() != 0) {
            throw new HookFailedException(program + " ended with " + process.exitValue() + said.words());
        }
    }

    private boolean ends(Process process, BooleanSupplier cancelled) throws InterruptedException {
        long end = System.nanoTime() + programs.timeLimit().toNanos();
        long left = programs.timeLimit().toNanos();
        while (left > 0 && !cancelled.getAsBoolean()) {
            if (process.waitFor(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS)) {
                return true;
            }
            left = end - System.nanoTime();
        }
        return false;
    }

    /** Parents before their children: whoever sees a child end would go on to his next command. */
    private static void kill(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        children.stream().flatMap(ProcessHandle::descendants).forEach(ProcessHandle::destroyForcibly);
    }
}
