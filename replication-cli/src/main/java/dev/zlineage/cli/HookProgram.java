// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.scheduler.task.HookPrograms;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.tick.SnapshotHook;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs the programs that a task names beside its snapshots. They have no arguments and no input; variables tell them what it is
 * about. What one has said is told when it fails. One that takes too long is ended, with all that it has started.
 *
 * @param programs which
 */
record HookProgram(HookPrograms programs) implements SnapshotHook {

    private static final int MOST_SAID = 1000;

    static Optional<SnapshotHook> of(PeriodicSnapshotTask task) {
        return Optional.of(task.own().hooks())
                .filter(programs -> !programs.isEmpty())
                .map(HookProgram::new);
    }

    @Override
    public void before(Occasion occasion) throws HookFailedException, InterruptedException {
        if (programs.before().isPresent()) {
            run(programs.before().get(), variables(occasion, "before"));
        }
    }

    @Override
    public void after(Occasion occasion, boolean taken) throws HookFailedException, InterruptedException {
        if (programs.after().isPresent()) {
            Map<String, String> variables = variables(occasion, "after");
            variables.put("ZLINEAGE_TAKEN", Boolean.toString(taken));
            run(programs.after().get(), variables);
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

    private void run(String program, Map<String, String> variables) throws HookFailedException, InterruptedException {
        try {
            // a file, so that a child that lives on with our pipe in its hands keeps nobody waiting
            Path said = Files.createTempFile("zlineage-hook", ".out");
            try {
                run(program, variables, said);
            } finally {
                Files.delete(said);
            }
        } catch (IOException e) {
            throw new HookFailedException(program + " could not be run: " + e.getMessage());
        }
    }

    private void run(String program, Map<String, String> variables, Path said)
            throws IOException, HookFailedException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(program)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(said.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        boolean ended = false;
        try {
            ended = process.waitFor(programs.timeLimit().toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
        if (!ended) {
            throw new HookFailedException(
                    program + " did not end within " + programs.timeLimit() + ", and was ended" + words(said));
        }
        if (process.exitValue() != 0) {
            throw new HookFailedException(program + " ended with " + process.exitValue() + words(said));
        }
    }

    private static String words(Path said) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(said)) {
            bytes = in.readNBytes(MOST_SAID);
        }
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "" : ": " + text;
    }
}
