// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.run.Patience;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.it.ssh.CuttingRelay;
import dev.zlineage.it.ssh.CuttingRelay.Fate;
import dev.zlineage.transport.local.LocalHost;
import dev.zlineage.transport.local.LocalOptions;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshEndpoint.Elevation;
import dev.zlineage.transport.ssh.SshHost;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replication over SSH on real OpenZFS: one end is reached by the guest's sshd, the other as if it were this host's. Both
 * pools are the guest's.
 */
@Tag("lab")
class SshInLabTest {

    private static final int SIZE = 6_000_000;
    private static final LabGuest GUEST = LabGuest.shared();
    private static int number;

    /** Gives a stream up after a few seconds without a byte, and tries nothing again. */
    private static final Patience ONCE = Patience.DEFAULT.withAttempts(1).withStall(Duration.ofSeconds(4));

    private final String source = "tank/ssh" + ++number;
    private final String target = "backup/ssh" + number;

    private static SshEndpoint.Builder endpoint(String user, int port) {
        return SshEndpoint.of(user, "127.0.0.1")
                .port(port)
                .privateKey(GUEST.sshKey())
                .hostKeys(List.of(GUEST.hostKey()));
    }

    private static Zfs here() {
        return LocalHost.open(
                LocalOptions.DEFAULT.withZfsProgram(GUEST.zfsProgram().toString()));
    }

    private ReplicationResult run(boolean push, SshEndpoint endpoint, Patience patience) throws InterruptedException {
        try (Zfs near = here();
                Zfs far = SshHost.open(endpoint)) {
            Replication replication =
                    Replication.between(push ? near : far, push ? far : near).with(patience);
            return replication.run(replication.plan(
                    ReplicationRequest.of(source, target).recursive(true).build()));
        }
    }

    private void same() {
        assertThat(GUEST.sh("zfs list -H -p -r -t snapshot -o guid -s name \"$1\"", target))
                .isEqualTo(GUEST.sh("zfs list -H -p -r -t snapshot -o guid -s name \"$1\"", source))
                .isNotBlank();
        assertThat(GUEST.sh("zfs list -H -r -t snapshot -o userrefs \"$1\" | sort -u", source))
                .as("holds left behind")
                .isEqualTo("0\n");
    }

    @ParameterizedTest(name = "{0} with {1}, push: {2}, by {3}")
    @CsvSource({
        "root,     NONE, true,  LIBRARY",
        "root,     NONE, false, LIBRARY",
        "nasadmin, SUDO, true,  LIBRARY",
        "nasadmin, SUDO, false, LIBRARY",
        "nasadmin, NONE, true,  LIBRARY",
        "nasadmin, NONE, false, LIBRARY",
        "root,     NONE, true,  SYSTEM",
        "nasadmin, SUDO, false, SYSTEM",
    })
    @DisplayName("a tree goes over in full, then by increment, then there is nothing to do")
    void replicates(String user, Elevation elevation, boolean push, SshEndpoint.Client client)
            throws InterruptedException {
        GUEST.sh("""
                zfs create "$1"; zfs create "$1/child"; head -c 300000 /dev/urandom > "/$1/child/file"
                zfs create -V 8M "$1/vol"; zfs snapshot -r "$1@one"
                """, source);
        String parent = target;
        if (user.equals("nasadmin") && elevation == Elevation.NONE) {
            // what a delegated user needs, and nothing else
            GUEST.sh(
                    push
                            ? "zfs create -o canmount=off \"$2\"; zfs allow nasadmin create,mount,receive,readonly,volmode,rollback \"$2\""
                            : "zfs allow nasadmin send,hold,release,bookmark,destroy,mount \"$1\"",
                    source,
                    target);
            parent = push ? target + "/below" : target;
        }
        SshEndpoint endpoint = endpoint(user, GUEST.sshPort())
                .elevation(elevation)
                .client(client)
                .build();
        try (Zfs near = here();
                Zfs far = SshHost.open(endpoint)) {
            Replication replication = Replication.between(push ? near : far, push ? far : near);
            ReplicationRequest request =
                    ReplicationRequest.of(source, parent).recursive(true).build();

            ReplicationResult full = replication.run(replication.plan(request));
            GUEST.sh("echo changed > \"/$1/child/file\"; zfs snapshot -r \"$1@two\"", source);
            ReplicationResult increment = replication.run(replication.plan(request));
            ReplicationResult nothing = replication.run(replication.plan(request));

            assertThat(full.success()).as("%s", full).isTrue();
            assertThat(increment.success()).as("%s", increment).isTrue();
            assertThat(increment.warnings()).isEmpty();
            assertThat(increment.bytes()).isLessThan(200_000);
            assertThat(nothing.bytes()).isZero();
        }
        assertThat(GUEST.sh("zfs list -H -p -r -t snapshot -o guid -s name \"$1\"", parent))
                .isEqualTo(GUEST.sh("zfs list -H -p -r -t snapshot -o guid -s name \"$1\"", source))
                .isNotBlank();
        assertThat(GUEST.sh("zfs list -H -r -t snapshot -o userrefs \"$1\" | sort -u", source))
                .isEqualTo("0\n");
        assertThat(GUEST.sh("zfs list -H -r -t bookmark -o name \"$1\" | wc -l", source))
                .isEqualTo("3\n");
    }

    static Stream<Arguments> five() {
        return Stream.of(
                Arguments.of("reset", true, 3_000_000L),
                Arguments.of("freeze", false, 4_500_000L),
                Arguments.of("sshd", true, 4_500_000L),
                Arguments.of("zfs", false, 3_000_000L),
                Arguments.of("jvm", true, 4_500_000L));
    }

    static Stream<Arguments> twoHundred() {
        long seed = Long.getLong("zlineage.seed", System.nanoTime());
        System.out.println("cuts over SSH: -Dzlineage.seed=" + seed);
        Random random = new Random(seed);
        List<String> what = List.of("reset", "freeze", "sshd", "zfs", "jvm");
        return IntStream.range(0, 200)
                .mapToObj(i -> Arguments.of(
                        what.get(i % what.size()), random.nextBoolean(), 100_000L + random.nextInt(SIZE - 200_000)));
    }

    @ParameterizedTest(name = "{0}, push: {1}, after {2} bytes")
    @MethodSource("five")
    @DisplayName("five cuts are survived")
    void cut(String what, boolean push, long bytes) throws IOException, InterruptedException {
        survives(what, push, bytes);
    }

    @ParameterizedTest(name = "{0}, push: {1}, after {2} bytes")
    @MethodSource("twoHundred")
    @Tag("long")
    @DisplayName("two hundred cuts are survived")
    void cutEverywhere(String what, boolean push, long bytes) throws IOException, InterruptedException {
        survives(what, push, bytes);
    }

    private void survives(String what, boolean push, long bytes) throws IOException, InterruptedException {
        GUEST.sh("""
                zfs create "$1"; head -c "$2" /dev/urandom > "/$1/file"; zfs snapshot "$1@one"
                """, source, Integer.toString(SIZE));
        try (CuttingRelay relay = new CuttingRelay(GUEST.sshPort())) {
            SshEndpoint endpoint = endpoint("root", relay.port()).build();
            boolean finished = false;
            switch (what) {
                case "jvm" -> killOurselves(push, relay, bytes);
                case "sshd" -> {
                    // the newest is that of the stream's own connection
                    relay.arm(push, bytes, Fate.GO_ON, () -> GUEST.sh("pkill -9 -n sshd || true"));
                    finished = once(push, endpoint);
                }
                case "zfs" -> {
                    String verb = push ? "zfs receive" : "zfs send";
                    relay.arm(push, bytes, Fate.GO_ON, () -> GUEST.sh("pkill -9 -n -f \"^$1\" || true", verb));
                    finished = once(push, endpoint);
                }
                default -> {
                    relay.arm(push, bytes, what.equals("reset") ? Fate.RESET : Fate.FREEZE, () -> {});
                    finished = once(push, endpoint);
                }
            }
            assertThat(relay.happened()).isTrue();
            relay.dropFrozen();

            ReplicationResult second = run(push, endpoint, Patience.DEFAULT);

            assertThat(second.success()).as("%s", second).isTrue();
            System.out.println(what + (push ? ", push" : ", pull") + ", after " + bytes + " bytes: "
                    + (finished ? "it came through; " : "") + second.saved() + " saved, " + second.bytes() + " sent");
            if (!finished && bytes > 4_000_000) {
                assertThat(second.saved()).as("%s", second).isPositive();
                assertThat(second.bytes()).isLessThan(SIZE);
            }
        }
        same();
        assertThat(GUEST.sh("zfs list -H -r -t bookmark -o name \"$1\" | wc -l", source))
                .isEqualTo("1\n");
        assertThat(GUEST.sh("""
                for i in $(seq 100); do pgrep -x zfs > /dev/null || break; sleep 0.1; done; pgrep -ax zfs || true
                """)).as("orphans").isEmpty();
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .as("orphans here")
                .isEmpty();
        GUEST.sh("zfs destroy -r \"$1\"; zfs destroy -r \"$2\"", source, target);
    }

    private boolean once(boolean push, SshEndpoint endpoint) throws InterruptedException {
        try {
            return run(push, endpoint, ONCE).success();
        } catch (ZfsException e) {
            return false; // the control connection was the newest
        }
    }

    /** The command line, killed with signal 9. */
    private void killOurselves(boolean push, CuttingRelay relay, long bytes) throws IOException, InterruptedException {
        Path known = Files.writeString(
                Files.createTempFile("known", ""), "[127.0.0.1]:" + relay.port() + " " + GUEST.hostKey() + "\n");
        Process run = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.zlineage.cli.Main",
                        "run",
                        "--source",
                        source,
                        "--target",
                        target,
                        "--zfs",
                        GUEST.zfsProgram().toString(),
                        push ? "--target-host" : "--source-host",
                        "root@127.0.0.1:" + relay.port(),
                        "--ssh-key",
                        GUEST.sshKey().toString(),
                        "--known-hosts",
                        known.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
        relay.arm(push, bytes, Fate.GO_ON, run::destroyForcibly);
        assertThat(run.waitFor()).as("killed").isEqualTo(137);
        Files.delete(known);
    }
}
