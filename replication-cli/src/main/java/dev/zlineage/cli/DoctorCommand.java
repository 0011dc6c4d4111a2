// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.doctor.Doctor;
import dev.zlineage.core.doctor.Examination;
import dev.zlineage.core.doctor.Finding;
import dev.zlineage.core.doctor.Task;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsFailure;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists what zlineage left on a pool, and cleans it. */
@Command(
        name = "doctor",
        header = "Lists what zlineage left on a pool: bookmarks, holds, interrupted receives, set-aside datasets.",
        customSynopsis = "zlineage doctor DATASET [--task SOURCE:TARGET]... [--clean] [OPTIONS]",
        description = {
            "",
            "Names the tasks that go on, and it tells what each of them needs, and what is left of runs that died, of"
                    + " datasets that were renamed, of destinations that are gone. What belongs to no named task is shown"
                    + " and left alone. Nothing is changed without --clean.",
            "",
            "It looks on this host, or on --source-host; the targets of tasks are on this host, or on --target-host.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  zlineage doctor tank --task tank/data:backup/data",
            "  zlineage doctor tank --task tank/data:backup/data --clean",
            "  zlineage doctor backup --destroy-aside backup/data.zl1-aside-0123abcd --clean"
        })
final class DoctorCommand implements Callable<Integer> {

    private final Environment environment;

    @Parameters(index = "0", paramLabel = "DATASET", description = "Where to look, with everything below.")
    private String root = "";

    @Option(
            names = "--task",
            paramLabel = "SOURCE:TARGET",
            description = "A replication that goes on. May be given several times.")
    private List<String> tasks = List.of();

    @Option(names = "--clean", description = "Remove what no task needs. Without it, it is only listed.")
    private boolean clean;

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "A hold or an interrupted receive that is younger may belong to a run under way, and is left"
                    + " alone (default: 1d).")
    private Duration grace = Duration.ofDays(1);

    @Option(
            names = "--forget",
            paramLabel = "ID",
            description = "The id of a destination that is not used any more: all that was made for it can go.")
    private List<String> forget = List.of();

    @Option(
            names = "--destroy-aside",
            paramLabel = "DATASET",
            description = "A dataset that was set aside, or received and never put in place: destroy it with all it"
                    + " holds.")
    private List<String> aside = List.of();

    @Mixin
    private HostOptions host = new HostOptions();

    @Mixin
    private RemoteOptions remote = new RemoteOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    DoctorCommand(Environment environment) {
        this.environment = environment;
    }

    private record Named(DatasetName source, DatasetName target) {}

    @Override
    public Integer call() {
        List<InvalidRequestException.Problem> problems = new ArrayList<>();
        List<Named> named = named(problems);
        DatasetName where = name("DATASET", root, problems);
        if (!problems.isEmpty()) {
            throw new InvalidRequestException(problems);
        }
        try (RemoteOptions.Sides hosts = remote.open(environment.hosts(), host)) {
            Zfs zfs = hosts.source();
            List<Task> known = named.stream()
                    .map(n -> Task.at(n.source(), n.target(), hosts.target()))
                    .toList();
            Examination found = Doctor.examine(
                    zfs,
                    where,
                    known,
                    Set.copyOf(forget),
                    grace,
                    environment.clock().instant());
            PrintWriter out = environment.out();
            if (output.json()) {
                out.println(found.toJson());
            } else {
                out.print(found);
            }
            return clean ? cleaned(zfs, found) : left(found);
        }
    }

    private int left(Examination found) {
        int superfluous = found.count(Finding.Standing.SUPERFLUOUS);
        if (superfluous > 0 && !output.json()) {
            environment
                    .out()
                    .println(Words.count(superfluous, "thing") + " can go: --clean removes what is superfluous");
        }
        environment.out().flush();
        return superfluous > 0 ? ExitCode.SUPERFLUOUS : ExitCode.OK;
    }

    private int cleaned(Zfs zfs, Examination found) {
        Map<Finding, ZfsFailure> failed = found.clean(zfs, finding -> aside.contains(finding.name()));
        failed.forEach((finding, failure) -> environment
                .err()
                .println(finding.name() + " could not be removed: "
                        + failure.text().strip()));
        if (!output.json()) {
            environment.out().println(failed.isEmpty() ? "cleaned" : "cleaned, but for " + failed.size());
        }
        environment.out().flush();
        return failed.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private List<Named> named(List<InvalidRequestException.Problem> problems) {
        List<Named> named = new ArrayList<>();
        for (String task : tasks) {
            // a dataset's name may hold colons: the one before the target's pool is not known from the text alone
            String[] parts = task.split(":", -1);
            if (parts.length != 2) {
                problems.add(new InvalidRequestException.Problem(
                        "--task", "'" + task + "' is not SOURCE:TARGET, such as tank/data:backup/data"));
                continue;
            }
            named.add(new Named(name("--task", parts[0], problems), name("--task", parts[1], problems)));
        }
        return named;
    }

    private static DatasetName name(String field, String text, List<InvalidRequestException.Problem> problems) {
        try {
            return DatasetName.of(text);
        } catch (InvalidNameException e) {
            problems.add(new InvalidRequestException.Problem(field, String.valueOf(e.getMessage())));
            return DatasetName.of("none");
        }
    }
}
