// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeNas;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.transport.ssh.SshHost;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What can be wrong with another host and the way there, each by a test of its own, against a real SSH server: one message
 * that says what and what to do, in seconds, and nothing is changed on either side.
 */
@Timeout(60)
class BadInputTest {

    private static final Duration SECONDS = Duration.ofSeconds(10);
    private static final DatasetName DATA = DatasetName.of("tank/data");
    private static final String PASSPHRASE = "open sesame";

    @TempDir
    private Path folder;

    private final FakeZfs here = FakeZfs.builder().host("here").seed(1).build();
    private final FakeZfs vault = FakeZfs.builder().host("vault").seed(2).build();
    private final Screen screen = new Screen(here, SshHost::open, false);
    private FakeNas nas;

    @BeforeEach
    void start() {
        nas = FakeNas.start(vault);
        here.execute(new ZfsCommand.CreateFilesystem(DATA, Map.of())).orThrow();
    }

    @AfterEach
    void stop() {
        nas.close();
    }

    private String address() {
        return nas.user() + "@" + nas.host() + ":" + nas.port();
    }

    private Screen.Shown run(String host, Path key, Path knownHosts, String... more) {
        List<String> words =
                new ArrayList<>(List.of("run", "--source=tank/data", "--target=backup/data", "--snapshot"));
        words.addAll(List.of("--target-host=" + host, "--ssh-key=" + key, "--known-hosts=" + knownHosts));
        words.addAll(Arrays.asList(more));
        return screen.zlineage(words.toArray(String[]::new));
    }

    private Screen.Shown run(String... more) {
        return run(address(), nas.privateKey(), nas.knownHosts(), more);
    }

    private String state() {
        List<ZfsCommand<?>> look = new ArrayList<>();
        for (DatasetName pool : List.of(DatasetName.of("backup"), DatasetName.of("tank"))) {
            look.add(new ZfsCommand.ListDatasets(List.of(pool), Scope.SUBTREE));
            look.add(new ZfsCommand.ListHistories(List.of(pool), Scope.SUBTREE));
        }
        return here.execute(look) + " " + vault.execute(look);
    }

    private interface Attempt {
        Screen.Shown with(String... more) throws Exception;
    }

    /** Told to people in one message that holds these words, and to programs in one document of that kind. */
    private void assertTold(Attempt attempt, int exit, String kind, String... words) throws Exception {
        String before = state();
        long start = System.nanoTime();

        Screen.Shown shown = attempt.with();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SECONDS);
        assertThat(shown.exit()).as("%s", shown).isEqualTo(exit);
        assertThat(shown.out()).isEmpty();
        assertThat(shown.err().lines().findFirst().orElseThrow())
                .startsWith("zlineage: ")
                .contains(words);
        assertThat(shown.err().lines().skip(1)).allMatch(line -> line.startsWith("  "));
        assertThat(shown.err()).doesNotContain("Exception", PASSPHRASE);
        assertThat(state()).isEqualTo(before);

        Map<String, Object> document = Json.object(attempt.with("--json").out());
        assertThat(document).containsEntry("format", "zlineage.error/1").containsEntry("kind", kind);
        assertThat((String) document.get("message")).contains(words);
    }

    private Path key(String passphrase) throws Exception {
        OpenSSHKeyEncryptionContext encryption = new OpenSSHKeyEncryptionContext();
        encryption.setPassword(passphrase);
        encryption.setCipherType("256");
        Path file = folder.resolve("id");
        try (OutputStream out = Files.newOutputStream(file)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(
                    KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256),
                    "test",
                    passphrase.isEmpty() ? null : encryption,
                    out);
        }
        return file;
    }

    @Test
    void thereIsNoHostOfThatName() throws Exception {
        assertTold(
                more -> run("backup@no-such-host.invalid", nas.privateKey(), nas.knownHosts(), more),
                3,
                "host-unreachable",
                "backup@no-such-host.invalid can't be reached: no host of that name is known");
    }

    @Test
    void nothingListens() throws Exception {
        int dead;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            dead = socket.getLocalPort();
        }
        assertTold(
                more -> run("backup@127.0.0.1:" + dead, nas.privateKey(), nas.knownHosts(), more),
                3,
                "host-unreachable",
                "backup@127.0.0.1:" + dead + " can't be reached: no sshd answers at port " + dead);
    }

    @Test
    void theKeyIsNotTheRightOne() throws Exception {
        Path wrong = key("");
        assertTold(
                more -> run(address(), wrong, nas.knownHosts(), more),
                3,
                "host-refused",
                address() + " accepts none of the keys " + wrong,
                "authorized_keys of " + nas.user());
    }

    @Test
    void theHostIsAnotherOne() throws Exception {
        KeyPair other = KeyUtils.generateKeyPair(nas.hostKey().split(" ")[0], 256);
        Path known = Files.writeString(
                folder.resolve("known_hosts"),
                "[127.0.0.1]:" + nas.port() + " " + PublicKeyEntry.toString(other.getPublic()) + "\n");
        assertTold(
                more -> run(address(), nas.privateKey(), known, more),
                3,
                "host-refused",
                KeyUtils.getFingerPrint(
                        PublicKeyEntry.parsePublicKeyEntry(nas.hostKey()).resolvePublicKey(null, null, null)),
                KeyUtils.getFingerPrint(other.getPublic()),
                "only then change " + known + ":1");
    }

    @Test
    void theHostIsNotKnown() throws Exception {
        Path known = folder.resolve("known_hosts");
        assertTold(
                more -> run(address(), nas.privateKey(), known, more),
                3,
                "host-refused",
                "is not known",
                "add this line to " + known + ": [127.0.0.1]:" + nas.port() + " " + nas.hostKey());
    }

    @Test
    void thePassphraseIsWrong() throws Exception {
        Path locked = key(PASSPHRASE);
        Path passphrase = Files.writeString(folder.resolve("passphrase"), PASSPHRASE + "?\n");
        assertTold(
                more -> run(address(), locked, nas.knownHosts(), with(more, "--ssh-passphrase-file=" + passphrase)),
                3,
                "host-refused",
                locked + " can't be opened with the passphrase");
    }

    private static String[] with(String[] more, String word) {
        List<String> all = new ArrayList<>(Arrays.asList(more));
        all.add(word);
        return all.toArray(String[]::new);
    }

    @Test
    void thePassphraseIsMissing() throws Exception {
        Path locked = key(PASSPHRASE);
        assertTold(
                more -> run(address(), locked, nas.knownHosts(), more),
                3,
                "host-refused",
                locked + " needs a passphrase");
    }

    @Test
    void thereIsNoZfs() throws Exception {
        nas.hasZfs(false);
        assertTold(this::run, 3, "host-unreachable", "'zfs' could not be run on " + address(), "not found");
    }

    @Test
    void sudoAsksForAPassword() throws Exception {
        nas.sudoAsksForPassword(true);
        assertTold(
                more -> run(with(more, "--remote-sudo")),
                1,
                "no-permission",
                "sudo on 127.0.0.1 asks for a password for " + nas.user(),
                nas.user() + " ALL=(root) NOPASSWD: ");
    }

    /** A refusal rather than an error: the plan says it of each dataset. */
    @Test
    void permissionsAreMissing() {
        try (FakeNas byAnn = FakeNas.start(vault.as("ann"))) {
            String before = state();
            String host = byAnn.user() + "@" + byAnn.host() + ":" + byAnn.port();

            Screen.Shown shown = run(host, byAnn.privateKey(), byAnn.knownHosts());

            assertThat(shown.exit()).as("%s", shown).isEqualTo(4);
            assertThat(shown.err()).isEmpty();
            assertThat(shown.out())
                    .contains(
                            "the user ann of " + host + " lacks create, mount, receive on backup",
                            "way out: grant it on " + host + ": zfs allow -u ann create,mount,readonly,receive backup");
            assertThat(state()).isEqualTo(before);
        }
    }
}
