// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.lab.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The scripts of the lab. They lie in its folder and not in a temporary one, since what ends a machine whose JVM is gone is one of
 * them.
 */
public final class LabScripts {

    private static final List<String> NAMES = List.of("build", "machine", "boot", "connect", "stop", "container");

    private final Path lab;
    private final Path folder;

    private LabScripts(Path lab, Path folder) {
        this.lab = lab;
        this.folder = folder;
    }

    /**
     * Those that are in this jar.
     *
     * @return the scripts, ready to be run
     */
    public static LabScripts unpacked() {
        try {
            Path lab = lab();
            Map<String, byte[]> scripts = new HashMap<>();
            int hash = 0;
            for (String name : NAMES) {
                try (InputStream script = LabScripts.class.getResourceAsStream(name)) {
                    if (script == null) {
                        throw new IllegalStateException("the script " + name + " is not in this jar");
                    }
                    scripts.put(name, script.readAllBytes());
                }
                hash = 31 * hash + new String(scripts.get(name), StandardCharsets.UTF_8).hashCode();
            }
            Path folder = Files.createDirectories(lab.resolve("scripts-" + Integer.toHexString(hash)));
            for (Map.Entry<String, byte[]> script : scripts.entrySet()) {
                unpack(folder, script.getKey(), script.getValue());
            }
            return new LabScripts(lab, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another JVM may be at it: whoever moves it into place first has the same. */
    private static void unpack(Path folder, String name, byte[] script) throws IOException {
        Path place = folder.resolve(name);
        if (Files.exists(place)) {
            return;
        }
        Path half = Files.createTempFile(folder, name, ".half");
        Files.write(half, script);
        Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            Files.move(half, place);
        } catch (FileAlreadyExistsException e) {
            Files.delete(half);
        }
    }

    /** As the scripts find it. */
    private static Path lab() {
        return set("ZLINEAGE_LAB")
                .map(Path::of)
                .orElseGet(() -> set("XDG_CACHE_HOME")
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                        .resolve("zlineage-lab"))
                .toAbsolutePath();
    }

    private static Optional<String> set(String variable) {
        return Optional.ofNullable(System.getenv(variable)).filter(value -> !value.isEmpty());
    }

    /**
     * A folder for a machine.
     *
     * @return a new one, which is empty
     */
    public Path newRun() {
        try {
            return Files.createTempDirectory(Files.createDirectories(lab.resolve("run")), "test-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a script that has to succeed.
     *
     * @param script its name
     * @param arguments its arguments
     * @return what it printed
     * @throws IllegalStateException if it did not, with what it said
     */
    public String run(String script, String... arguments) {
        return run(Map.of(), script, arguments);
    }

    /**
     * Runs a script that has to succeed.
     *
     * @param environment what it finds in its environment beside ours
     * @param script its name
     * @param arguments its arguments
     * @return what it printed
     * @throws IllegalStateException if it did not, with what it said
     */
    public String run(Map<String, String> environment, String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of(folder.resolve(script).toString()));
        if (script.equals("build") || script.equals("container")) {
            command.add(lab.toString());
        }
        command.addAll(List.of(arguments));
        return outputOf(environment, command);
    }

    /**
     * Runs a program that has to succeed.
     *
     * @param command the program and its arguments
     * @return what it printed
     * @throws IllegalStateException if it did not, with what it said
     */
    public static String outputOf(List<String> command) {
        return outputOf(Map.of(), command);
    }

    /** stderr goes to a file: a pipe that nobody reads would stop the program. */
    private static String outputOf(Map<String, String> environment, List<String> command) {
        try {
            Path errors = Files.createTempFile("lab", ".err");
            try {
                ProcessBuilder program = new ProcessBuilder(command).redirectError(errors.toFile());
                program.environment().putAll(environment);
                Process process = program.start();
                process.getOutputStream().close();
                try (InputStream stdout = process.getInputStream()) {
                    String output = new String(stdout.readAllBytes(), StandardCharsets.UTF_8);
                    int exit = process.waitFor();
                    if (exit != 0) {
                        throw new IllegalStateException("exit " + exit + " of " + command + "\n" + output
                                + Files.readString(errors, StandardCharsets.UTF_8));
                    }
                    return output;
                } finally {
                    process.destroyForcibly();
                }
            } finally {
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + command, e);
        }
    }
}
