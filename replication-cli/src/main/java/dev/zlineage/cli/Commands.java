// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;

/** All commands, with what they have in common. */
final class Commands {

    private Commands() {}

    /** Each command by its name, not made yet: to make them all takes longer than most of them run. */
    private static Map<String, Function<Environment, Object>> all() {
        Map<String, Function<Environment, Object>> all = new LinkedHashMap<>();
        all.put("demo", DemoCommand::new);
        all.put("plan", PlanCommand::new);
        all.put("run", RunCommand::new);
        all.put("daemon", DaemonCommand::new);
        all.put("status", StatusCommand::new);
        all.put("history", HistoryCommand::new);
        all.put("run-now", TellCommand.RunNow::new);
        all.put("cancel", TellCommand.Cancel::new);
        all.put("pause", TellCommand.Pause::new);
        all.put("resume", TellCommand.Resume::new);
        all.put("restore", RestoreCommand::new);
        all.put("verify", VerifyCommand::new);
        all.put("survey", SurveyCommand::new);
        all.put("doctor", DoctorCommand::new);
        all.put("check", CheckCommand::new);
        all.put("schema", SchemaCommand::new);
        return all;
    }

    /** The command that is named first, alone; without such a name, all of them. */
    static CommandLine of(Environment environment, List<String> words) {
        Map<String, Function<Environment, Object>> commands = all();
        if (!words.isEmpty() && commands.containsKey(words.get(0))) {
            commands.keySet().retainAll(Set.of(words.get(0)));
        }
        CommandLine line = new CommandLine(new ZlineageCommand());
        commands.values().forEach(command -> line.addSubcommand(command.apply(environment)));
        line.addSubcommand(new HelpCommand());
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print the version and stop.")
                        .build())
                .version(Version.text());
        common(line);
        line.getSubcommands().values().forEach(Commands::common);
        return line.setOut(environment.out())
                .setErr(environment.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(environment.colour() ? Ansi.ON : Ansi.OFF));
    }

    private static void common(CommandLine line) {
        line.getCommandSpec().parser().collectErrors(true);
        if (line.getCommandSpec().userObject() instanceof HelpCommand) {
            return;
        }
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Print this and stop.")
                        .build())
                .usageMessage()
                .synopsisHeading("%nUsage: ")
                .sortOptions(false)
                .abbreviateSynopsis(true)
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(ExitCode.described())
                .optionListHeading("Options:%n")
                .commandListHeading("%nCommands:%n");
    }
}
