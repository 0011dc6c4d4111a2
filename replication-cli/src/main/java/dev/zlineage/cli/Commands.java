// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;

/** All commands, with what they have in common. */
final class Commands {

    private Commands() {}

    static CommandLine of(Environment environment) {
        CommandLine line = new CommandLine(new ZlineageCommand())
                .addSubcommand(new DemoCommand(environment))
                .addSubcommand(new PlanCommand(environment))
                .addSubcommand(new RunCommand(environment))
                .addSubcommand(new RestoreCommand(environment))
                .addSubcommand(new VerifyCommand(environment))
                .addSubcommand(new SurveyCommand(environment))
                .addSubcommand(new DoctorCommand(environment))
                .addSubcommand(new CheckCommand(environment))
                .addSubcommand(new SchemaCommand(environment))
                .addSubcommand(new HelpCommand());
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
