// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.command.CommandZfs;
import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.Exited;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.transport.Transfer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fake {@code zfs} program prints, literally; the contract holds that it can be read. */
class FakeCommandRunnerTest {

    private static final DatasetName A = DatasetName.of("tank/a");

    private final FakeZfs fake = FakeZfs.openzfs23();
    private final FakeCommandRunner runner = new FakeCommandRunner(fake);
    private final CommandZfs zfs = new CommandZfs(runner);

    FakeCommandRunnerTest() {
        fake.execute(new ZfsCommand.CreateFilesystem(A, Map.of())).orThrow();
        World.take(fake, "tank/a@1");
    }

    private Exited run(String... argv) {
        CommandOutcome outcome =
                runner.run(List.of(new CommandLine(List.of(argv)))).get(0);
        assertThat(outcome).isInstanceOf(Exited.class);
        return (Exited) outcome;
    }

    @Test
    @DisplayName("what there is goes to standard output, what there is not to standard error, as with OpenZFS")
    void prints() {
        assertThat(run("zfs", "version")).isEqualTo(new Exited(0, "zfs-2.3.2\nzfs-kmod-2.3.2\n", ""));
        assertThat(run("zfs", "list", "-Hp", "-o", "name,type,mounted", "-t", "filesystem,volume", "tank/a", "tank/x"))
                .isEqualTo(
                        new Exited(1, "tank/a\tfilesystem\tyes\n", "cannot open 'tank/x': dataset does not exist\n"));
        assertThat(run("zfs", "get", "-H", "-p", "readonly", "tank/a").stdout())
                .isEqualTo("tank/a\treadonly\toff\tdefault\n");
        assertThat(run("zfs", "hold", "keep", "tank/a@1")).isEqualTo(new Exited(0, "", ""));
        assertThat(run("zfs", "hold", "keep", "tank/a@1"))
                .isEqualTo(new Exited(1, "", "cannot hold snapshot 'tank/a@1': tag already exists on this dataset\n"));
        assertThat(run("zfs", "holds", "-H", "tank/a@1").stdout()).isEqualTo("tank/a@1\tkeep\tThu Jan  1 00:00 2026\n");
        assertThat(run("zfs", "destroy", "tank/a@1").stderr())
                .isEqualTo("cannot destroy snapshot tank/a@1: it's being held. Run 'zfs holds -r tank/a@1' to see"
                        + " holders.\n");
        assertThat(run("zfs", "destroy", "tank/a@2"))
                .isEqualTo(new Exited(1, "", "could not find any snapshots to destroy; check snapshot names.\n"));
        assertThat(run("zfs", "set", "readonly=perhaps", "tank/a"))
                .isEqualTo(new Exited(
                        255, "", "cannot set property for 'tank/a': 'readonly' must be one of 'on | off'\n"));
        assertThat(run("zfs", "send", "-nvP", "-t", "nonsense").exitCode()).isEqualTo(255);
        assertThat(run("zfs", "send", "-nvP", "tank/a@1").stdout()).matches("full\ttank/a@1\t\\d+\nsize\t\\d+\n");
    }

    @Test
    @DisplayName("what is not modelled fails loudly, as does another program; sudo is taken for granted")
    void notModelled() {
        assertThat(run("zfs", "list", "-j"))
                .isEqualTo(new Exited(64, "", "fake zfs: FakeZfs does not model the option -j of zfs list\n"));
        assertThat(run("zfs", "diff", "tank/a@1").exitCode()).isEqualTo(64);
        assertThat(run("zfs", "list", "-Hp", "-o", "name,compressratio", "tank/a")
                        .exitCode())
                .isEqualTo(64);
        assertThat(run("ls").exitCode()).isEqualTo(127);
        assertThat(run("sudo", "-n", "zfs", "version").exitCode()).isZero();
        runner.close();
        assertThat(runner.run(List.of(new CommandLine(List.of("zfs", "version"))))
                        .get(0))
                .isInstanceOf(CommandOutcome.NotRun.class);
    }

    /** Of what people type, that which would change a real host and is not modelled here. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "set reservation=1M tank/a",
                "set refreservation=1M tank/a",
                "create -o reservation=1M tank/b",
                "create -p tank/b/c",
                "destroy -R tank/a@1",
                "destroy -d tank/a",
                "destroy -n tank/a@1",
                "hold -r keep tank/a@1",
                "release -r keep tank/a@1",
                "rename -r tank/a@1 tank/a@2",
                "rollback -R tank/a@1",
                "inherit -S readonly tank/a",
                "inherit -r readonly tank/a",
                "send -R -v -P tank/a@1",
                "receive -d tank/a",
                "redact tank/a@1 book tank/b@1",
                "unmount tank/a",
                "project tank/a",
                "upgrade tank/a",
                "program tank script"
            })
    @DisplayName("what would change a real host, and is not modelled, fails loudly and changes nothing")
    void notPretended(String words) {
        List<String> before = everything();
        List<String> argv = new ArrayList<>(List.of("zfs"));
        argv.addAll(List.of(words.split(" ")));
        Exited exited = run(argv.toArray(String[]::new));
        assertThat(exited.exitCode()).as(words).isEqualTo(64);
        assertThat(exited.stderr()).contains("does not model");
        assertThat(everything()).isEqualTo(before);
    }

    private List<String> everything() {
        return List.of(
                run("zfs", "list", "-Hp", "-r", "-t", "filesystem,volume", "-o", "name,used,readonly", "tank")
                        .stdout(),
                run("zfs", "list", "-Hp", "-r", "-t", "snapshot,bookmark", "-o", "name,guid", "tank")
                        .stdout());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "KEY_NOT_KEPT") // no command fails so
    @DisplayName("a planned fault of any kind is printed in words that CommandZfs reads as the same kind")
    void faults(ZfsFailure.Kind kind) {
        fake.failNext(command -> command instanceof ZfsCommand.ListDatasets, kind);
        assertThat(zfs.execute(new ZfsCommand.ListDatasets(List.of(A), Scope.SELF))
                        .failedWith(kind))
                .isTrue();
        assertThat(zfs.execute(new ZfsCommand.ListDatasets(List.of(A), Scope.SELF))
                        .orThrow())
                .hasSize(1);
    }

    @Test
    @DisplayName("the report of a stream is read, and a cut is a lost connection that leaves a token")
    void streams() throws InterruptedException {
        fake.write(A, "file", new byte[300_000]);
        World.take(fake, "tank/a@2");
        fake.cutNextStream(100_000);
        FakeZfs vault = FakeZfs.builder().host("vault").seed(2).build();
        CommandZfs to = new CommandZfs(new FakeCommandRunner(vault));
        StreamOffer<StreamSource> source = zfs.send(new SendStream.Full(A.snapshot("2"), StreamMode.DEFAULT));
        ReceiveStream target = new ReceiveStream(
                DatasetName.of("backup/a"),
                true,
                false,
                Map.of("readonly", "on"),
                java.util.Set.of("mountpoint"),
                Optional.empty(),
                false);
        List<String> told = new ArrayList<>();
        Transfer.Ends ends = new StreamJoiner(Concurrency.system())
                .start(source.end(), to.receive(target).end(), progress -> told.add(progress.toString()))
                .await();
        assertThat(told).anyMatch(progress -> progress.startsWith("Estimated"));
        assertThat(source.verdict().apply(ends.source()).orElseThrow().kind())
                .isEqualTo(ZfsFailure.Kind.HOST_UNREACHABLE);
        assertThat(ends.sink().output()).contains("Partially received snapshot is saved");
        assertThat(World.row(vault, target.target()).resumeToken()).isPresent();
    }
}
