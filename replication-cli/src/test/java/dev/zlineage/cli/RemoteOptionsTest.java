// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.transport.ssh.SshEndpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dataset of another host on the command line. */
class RemoteOptionsTest {

    private static final DatasetName DATA = DatasetName.of("tank/data");

    @TempDir
    private Path folder;

    private final FakeZfs here =
            FakeZfs.builder().host("here").seed(1).pool("tank", 1L << 30).build();
    private final FakeZfs there =
            FakeZfs.builder().host("there").seed(2).pool("tank", 1L << 30).build();
    private final Screen screen = new Screen(here, there, false);

    @BeforeEach
    void data() {
        here.execute(new ZfsCommand.CreateFilesystem(DATA, Map.of())).orThrow();
        here.write(DATA, "f", "contents".getBytes(StandardCharsets.UTF_8));
        here.execute(new ZfsCommand.TakeSnapshots(List.of(DATA.snapshot("one")), Scope.SELF, Map.of()))
                .orThrow();
    }

    private Screen.Shown run(String... more) {
        return screen.zlineage(Stream.of(
                        new String[] {"run", "--source", "tank/data", "--target", "tank/data", "--ssh-key", "id"}, more)
                .flatMap(Arrays::stream)
                .toArray(String[]::new));
    }

    /** The names are the same and the hosts are not, so nothing overlaps. */
    @Test
    void pushesToAnotherHost() {
        Screen.Shown shown = run("--target-host", "backup@nas2:2222", "--limit-rate", "20M");

        assertThat(shown.exit()).as("%s", shown).isZero();
        assertThat(there.contents(DATA)).containsKey("f");
        assertThat(screen.endpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint).hasToString("backup@nas2:2222");
            assertThat(endpoint.zfs()).containsExactly("zfs");
            assertThat(endpoint.identities()).extracting(Object::toString).containsExactly("id");
        });
        assertThat(screen.programs()).containsExactly(List.of("zfs"));
    }

    @Test
    void pullsFromAnotherHostWithEverythingThatCanBeSaid() throws IOException {
        run("--target-host", "nas2");
        Path passphrase = Files.writeString(folder.resolve("p"), "open sesame\n");
        Screen.Shown shown = screen.zlineage(
                "plan",
                "--source-host=backup@[fe80::1]:2222",
                "--source=tank/data",
                "--target=tank/copy",
                "--ssh-key=a",
                "--ssh-key=b",
                "--ssh-passphrase-file=" + passphrase,
                "--known-hosts=known",
                "--ssh-jump=j@gate",
                "--remote-sudo",
                "--remote-zfs=/sbin/zfs",
                "--sudo");

        assertThat(shown.exit()).as("%s", shown).isZero();
        SshEndpoint endpoint = screen.endpoints().get(1);
        assertThat(endpoint.host()).isEqualTo("fe80::1");
        assertThat(endpoint.port()).isEqualTo(2222);
        assertThat(endpoint.identities())
                .hasSize(2)
                .allSatisfy(identity -> assertThat(
                                identity.passphrase().orElseThrow().reveal())
                        .asString()
                        .isEqualTo("open sesame"));
        assertThat(endpoint.hostKeys()).isEqualTo(new SshEndpoint.HostKeys.KnownHosts(Path.of("known")));
        assertThat(endpoint.zfs()).containsExactly("sudo", "-n", "/sbin/zfs");
        assertThat(endpoint.jump().orElseThrow()).hasToString("j@gate");
        assertThat(screen.programs().get(1)).containsExactly("sudo", "-n", "zfs");
        assertThat(shown.out() + shown.err()).doesNotContain("sesame");
    }

    @Test
    void theSystemsProgramNeedsNoKey() {
        screen.zlineage(
                "plan", "--source=tank/data", "--target=tank/copy", "--target-host=nas2", "--ssh-client=system");

        assertThat(screen.endpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.client()).isEqualTo(SshEndpoint.Client.SYSTEM);
            assertThat(endpoint.identities()).isEmpty();
        });
    }

    @Test
    void twiceTheSameHostIsOneHost() {
        assertThat(run("--source-host=nas2", "--target-host=nas2").exit()).isEqualTo(2);
        screen.zlineage(
                "plan",
                "--source=tank/data",
                "--target=tank/copy",
                "--ssh-key=id",
                "--source-host=nas2",
                "--target-host=nas2");

        assertThat(screen.endpoints()).hasSize(1);
        assertThat(screen.programs()).isEmpty();
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThat(run("--target-host=nas2:ssh").err()).contains("--target-host", "[USER@]HOST[:PORT]");
        assertThat(run("--target-host=nas2:70000").err()).contains("port", "70000");
        assertThat(run("--target-host=-oProxyCommand=x").err()).contains("is no host");
        assertThat(run("--target-host=nas2", "--ssh-client=putty").err()).contains("--ssh-client", "putty");
        assertThat(run("--target-host=nas2", "--remote-sudo", "--remote-doas").err())
                .contains("not both");
        assertThat(run("--target-host=nas2", "--ssh-passphrase-file=none").err())
                .contains("--ssh-passphrase-file");
        assertThat(run("--limit-rate=fast").err()).contains("--limit-rate", "fast");
        assertThat(run("--limit-rate=1000", "--target-host=nas2").err()).contains("bytesPerSecond");
        assertThat(screen.endpoints()).isEmpty();
    }
}
