// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.json.JsonWriter;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.InvalidRequestException.Problem;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.scheduler.TaskStoreException;
import dev.zlineage.scheduler.tick.TargetLockException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what went wrong, to a person or to a program, and with which exit code the program ends. */
final class ErrorReport {

    private final Environment environment;
    private final OutputForm form;
    private final boolean verbose;

    ErrorReport(Environment environment, OutputForm form, boolean verbose) {
        this.environment = environment;
        this.form = form;
        this.verbose = verbose;
    }

    int report(Exception thrown, String command) {
        if (verbose) {
            thrown.printStackTrace(environment.err());
        }
        if (thrown instanceof InvalidRequestException invalid) {
            return problems("invalid-request", invalid.problems(), command);
        }
        if (thrown instanceof ZfsException refused) {
            String kind = Words.kebab(refused.failure().kind());
            String message = refused.failure().text().strip();
            Optional<String> advice = Advice.on(refused.failure().kind());
            if (form.json()) {
                json(kind, message, List.of(), advice);
            } else {
                PrintWriter err = environment.err();
                err.println("zlineage: " + message.replace("\n", "\n  "));
                err.println("  in: " + refused.failure().command());
                advice.ifPresent(a -> err.println("  way out: " + a));
            }
            return ExitCode.of(refused.failure());
        }
        if (thrown instanceof InvalidDefinitionException invalid) {
            definition(invalid);
            return ExitCode.INVALID_DEFINITION;
        }
        if (thrown instanceof NotApprovedException) {
            plain("not-approved", String.valueOf(thrown.getMessage()));
            return ExitCode.REFUSED;
        }
        if (thrown instanceof TargetBusyException) {
            String message = String.valueOf(thrown.getMessage());
            if (form.json()) {
                json("target-busy", message, List.of(), Optional.of(TargetBusyException.WAY_OUT));
            } else {
                environment.err().println("zlineage: " + message);
                environment.err().println("  way out: " + TargetBusyException.WAY_OUT);
            }
            return ExitCode.BUSY;
        }
        if (thrown instanceof TargetLockException) {
            plain("locks", String.valueOf(thrown.getMessage()));
            return ExitCode.FAILED;
        }
        if (thrown instanceof TaskStoreException) {
            plain("store", String.valueOf(thrown.getMessage()));
            return ExitCode.FAILED;
        }
        if (thrown instanceof DaemonRefusedException) {
            plain("daemon", String.valueOf(thrown.getMessage()));
            return ExitCode.FAILED;
        }
        if (thrown instanceof InterruptedException) {
            plain("cancelled", "interrupted");
            return ExitCode.CANCELLED;
        }
        plain("unexpected", "unexpected: " + thrown + (verbose ? "" : " (a defect; --verbose shows where)"));
        return ExitCode.FAILED;
    }

    /** What is wrong with the arguments, all of it. */
    int usage(List<ParameterException> errors) {
        return usage(errors, List.of());
    }

    int usage(List<? extends Exception> errors, List<Problem> more) {
        List<Problem> problems = new ArrayList<>();
        String command = "";
        for (Exception error : errors) {
            if (error instanceof ParameterException e) {
                command = e.getCommandLine().getParent() == null
                        ? ""
                        : e.getCommandLine().getCommandName();
                problems.addAll(of(e));
            } else {
                problems.add(new Problem("", String.valueOf(error.getMessage())));
            }
        }
        problems.addAll(more);
        return problems("usage", problems, command);
    }

    private static List<Problem> of(ParameterException error) {
        List<Problem> problems = new ArrayList<>();
        boolean above = error.getCommandLine().getParent() == null;
        if (error instanceof MissingParameterException missing) {
            for (ArgSpec arg : missing.getMissing()) {
                problems.add(new Problem(name(arg), "is missing: " + String.join(" ", arg.description())));
            }
        } else if (error instanceof UnmatchedArgumentException unmatched) {
            for (String word : unmatched.getUnmatched()) {
                String what = word.startsWith("-") ? "option" : above ? "command" : "argument";
                String instead = String.join(" or ", unmatched.getSuggestions());
                problems.add(new Problem(
                        word, "there is no such " + what + (instead.isEmpty() ? "" : "; perhaps " + instead)));
            }
        } else {
            ArgSpec arg = error.getArgSpec();
            problems.add(new Problem(
                    arg == null ? "" : name(arg),
                    arg == null || error.getValue() == null
                            ? String.valueOf(error.getMessage())
                            : "'" + error.getValue() + "' does not fit: " + String.join(" ", arg.description())));
        }
        return problems;
    }

    private static String name(ArgSpec arg) {
        return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
    }

    private int problems(String kind, List<Problem> problems, String command) {
        List<Problem> named = problems.stream()
                .map(p -> new Problem(option(p.field()), oneLine(p.message())))
                .distinct()
                .toList();
        if (form.json()) {
            json(kind, named.size() == 1 ? line(named.get(0)) : named.size() + " problems", named, Optional.empty());
            return ExitCode.BAD_REQUEST;
        }
        PrintWriter err = environment.err();
        if (named.size() == 1) {
            err.println("zlineage: " + line(named.get(0)));
        } else {
            err.println("zlineage: " + named.size() + " problems, and nothing was done:");
            named.forEach(p -> err.println("  " + line(p)));
        }
        err.println("Try 'zlineage help" + (command.isEmpty() ? "" : " " + command) + "'.");
        return ExitCode.BAD_REQUEST;
    }

    private void definition(InvalidDefinitionException invalid) {
        if (form.json()) {
            json(
                    "invalid-definition",
                    String.valueOf(invalid.getMessage()),
                    invalid.mistakes().stream()
                            .map(mistake -> new Problem(mistake.path(), mistake.message()))
                            .toList(),
                    Optional.empty());
            return;
        }
        environment.err().println("zlineage: " + invalid.getMessage() + ":");
        invalid.mistakes()
                .forEach(mistake -> environment.err().println("  " + CheckCommand.line(invalid.file(), mistake)));
    }

    private static String line(Problem problem) {
        return problem.field().isEmpty() ? problem.message() : problem.field() + ": " + problem.message();
    }

    private static String oneLine(String text) {
        return String.join(" ", text.strip().split("\\s*\\R\\s*", -1));
    }

    /** The option that sets a field of the request. */
    private static String option(String field) {
        return switch (field) {
            case "source", "target", "snapshot" -> "--" + field;
            case "snapshots" -> "--matching";
            case "parallelism" -> "--parallel";
            default -> field;
        };
    }

    private void plain(String kind, String message) {
        if (form.json()) {
            json(kind, message, List.of(), Optional.empty());
        } else {
            environment.err().println("zlineage: " + message);
        }
    }

    private void json(String kind, String message, List<Problem> problems, Optional<String> advice) {
        JsonWriter writer = new JsonWriter(true).object();
        writer.name("format").value("zlineage.error/1");
        writer.name("kind").value(kind);
        writer.name("message").value(message);
        advice.ifPresent(a -> writer.name("wayOut").value(a));
        writer.name("problems").array();
        for (Problem problem : problems) {
            writer.object().name("field").value(problem.field());
            writer.name("message").value(problem.message()).endObject();
        }
        form.print(environment.out(), writer.endArray().endObject().toString());
    }
}
