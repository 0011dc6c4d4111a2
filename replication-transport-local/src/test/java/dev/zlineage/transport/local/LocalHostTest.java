// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.transport.Transfer;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.FileTree;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way from the port to a program, with a script in the place of {@code zfs}. */
@Timeout(60)
class LocalHostTest {

    private static final DatasetName A = DatasetName.of("tank/a b");
    private static final String FAKE = """
            verb=$1
            shift
            {
              printf '%s' "$verb"
              for a; do printf '|%s' "$a"; done
              echo
            } > "$0.$$"
            cat "$0.$$" >> "$(dirname "$0")/log"
            set -- "$verb"
            case $1 in
              version) echo zfs-2.3.2-1; echo zfs-kmod-2.3.2-1;;
              list) printf 'tank/a b@1\\t42\\t7\\t8\\n';;
              promote) echo "cannot promote 'tank/a b': not a cloned filesystem" >&2; exit 1;;
              send) printf 'full\\ttank/a b@1\\t11\\nsize\\t11\\n' >&2; printf 'hello world';;
              receive) test "$(cat)" = "hello world" || { echo 'cannot receive: failed to read from stream' >&2; exit 1; };;
            esac
            """;

    @TempDir
    private Path folder;

    private Zfs zfs = LocalHost.open();

    @BeforeEach
    void fake() throws IOException {
        zfs = LocalHost.open(LocalOptions.DEFAULT.withZfsProgram(Scripts.write(folder.resolve("zfs"), FAKE)));
    }

    private List<String> log() throws IOException {
        return Files.readAllLines(folder.resolve("log"));
    }

    @Test
    void aCommandIsAProgramAndTheVersionIsAskedForOnce() throws IOException {
        assertThat(zfs.host()).isEqualTo("localhost");
        List<Answer<?>> answers = zfs.execute(List.of(
                new ZfsCommand.ListHistories(List.of(A), Scope.SELF),
                new ZfsCommand.Promote(A),
                new ZfsCommand.SetProperties(A, Map.of("a:b", "'c' \"$d\" e"))));
        zfs.version();
        zfs.version();

        assertThat(answers.get(0).orThrow()).hasToString("{tank/a b=@1=42!7~8}");
        assertThat(answers.get(1).failedWith(Kind.INVALID)).isTrue();
        assertThat(answers.get(2)).isEqualTo(new Answer.Done<>(Effect.DONE));
        assertThat(log())
                .containsExactly(
                        "list|-H|-p|-d|1|-t|snapshot,bookmark|-o|name,guid,createtxg,creation|tank/a b",
                        "promote|tank/a b",
                        "set|a:b='c' \"$d\" e|tank/a b",
                        "version");
    }

    private Answer<Effect> store(Path file, String key) {
        try (Secret secret = new Secret(key.getBytes(StandardCharsets.UTF_8))) {
            return zfs.execute(new ZfsCommand.StoreKey(file.toString(), secret));
        }
    }

    @Test
    void aKeyIsStoredForItsOwnerAlone() throws IOException {
        Path keys = Files.createDirectory(folder.resolve("keys"));
        Path file = keys.resolve("$(touch x) 'a' \"b\"");
        assertThat(store(file, "a secret")).isEqualTo(new Answer.Done<>(Effect.DONE));
        assertThat(store(file, "a secret")).isEqualTo(new Answer.Done<>(Effect.ALREADY));
        assertThat(Files.readString(file)).isEqualTo("a secret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        Answer<Effect> other = store(file, "another one");
        assertThat(other.failedWith(Kind.ALREADY_EXISTS)).isTrue();
        assertThat(other.toString()).contains("with other contents").doesNotContain("another one");
        assertThat(Files.readString(file)).isEqualTo("a secret");

        try (Stream<Path> left = Files.list(keys)) {
            assertThat(left).containsExactly(file);
        }
        assertThat(zfs.execute(new ZfsCommand.RemoveKey(file.toString()))).isEqualTo(new Answer.Done<>(Effect.DONE));
        assertThat(file).doesNotExist();
    }

    /** What a crash left half written is written anew; a link that somebody put there leads nowhere. */
    @Test
    void aKeyIsWholeOrNotThere() throws IOException {
        Path file = folder.resolve("key");
        Path elsewhere = folder.resolve("elsewhere");
        Files.createSymbolicLink(folder.resolve("key.zl1"), elsewhere);
        assertThat(store(file, "a secret")).isEqualTo(new Answer.Done<>(Effect.DONE));
        assertThat(Files.readString(file)).isEqualTo("a secret");
        assertThat(elsewhere).doesNotExist();

        Path nowhere = folder.resolve("no/such/folder");
        assertThat(store(nowhere, "a secret"))
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        failed -> assertThat(failed)
                                .asString()
                                .contains("zlineage-store-key " + nowhere)
                                .doesNotContain("a secret"));
    }

    @Test
    void aTransferIsTwoPrograms() throws Exception {
        StreamOffer<StreamSource> from = zfs.send(new SendStream.Full(A.snapshot("1"), StreamMode.DEFAULT));
        StreamOffer<StreamSink> to = zfs.receive(ReceiveStream.into(DatasetName.of("backup/a")));
        List<StreamProgress> progress = new ArrayList<>();

        Transfer.Ends ends = new StreamJoiner(Concurrency.system())
                .start(from.end(), to.end(), progress::add)
                .await();

        assertThat(from.verdict().apply(ends.source())).isEmpty();
        assertThat(to.verdict().apply(ends.sink())).isEmpty();
        assertThat(progress).contains(new StreamProgress.Estimated(11));
        assertThat(log()).containsExactlyInAnyOrder("send|-v|-P|-L|-c|tank/a b@1", "receive|-u|backup/a");
    }

    /** What runs a program of the host; in place of a mount, it copies a folder, and removes the copy again. */
    private static final String HOST = """
            program=$1; shift
            case $program in
              zfs) printf 'volsize\\t-\\nkeystatus\\t-\\n' ;;
              mount) cp -a "$(dirname "$0")/tree/." "$6" ;;
              umount) find "$1" -mindepth 1 -delete ;;
              *) exec "$program" "$@" ;;
            esac
            """;

    @Test
    void namesOfFilesMayHoldAnyByte() throws Exception {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        String make = "cd \"$1\"; printf 1 > \"$(printf 'new\\nline')\"; printf 2 > \"$(printf 'bad\\377')\";"
                + " printf 3 > \"$(printf 'bad\\376')\"; printf 4 > \"quo'te\\\"back\\\\\"; mkdir 'a dir'; printf 5 > 'a dir/-rf';"
                + " ln -s \"$(printf 'to\\tnew\\nline')\" link";
        assertThat(new ProcessBuilder("sh", "-c", make, "sh", tree.toString())
                        .start()
                        .waitFor())
                .isZero();
        Zfs host =
                LocalHost.open(LocalOptions.DEFAULT.withZfsProgram(Scripts.write(folder.resolve("host"), HOST), "zfs"));

        FileTree found = (FileTree)
                host.execute(new ZfsCommand.ReadContents(A.snapshot("1"))).orThrow();

        assertThat(IntStream.range(0, found.size()).mapToObj(found::path))
                .containsExactly(
                        "", "a dir", "a dir/-rf", "bad\udcfe", "bad\udcff", "link", "new\nline", "quo'te\"back\\");
        assertThat(IntStream.range(0, found.size())
                        .mapToObj(found::entry)
                        .filter(e -> e.kind() == FileTree.Kind.FILE)
                        .map(e -> e.sha256().orElseThrow())
                        .distinct())
                .hasSize(5);
        assertThat(found.entry(5).linkTarget()).isEqualTo("to\tnew\nline");
    }

    @Test
    void aHostWithoutTheProgramSaysSo() {
        Zfs none = LocalHost.open(LocalOptions.DEFAULT.withZfsProgram("no-such-zfs"));

        assertThatThrownBy(none::version)
                .isInstanceOf(ZfsException.class)
                .hasMessageContaining("HOST_UNREACHABLE")
                .hasMessageContaining("no-such-zfs");
        assertThat(none.execute(new ZfsCommand.Promote(A)).failedWith(Kind.HOST_UNREACHABLE))
                .isTrue();
    }

    @Test
    void optionsAreChecked() {
        assertThatThrownBy(() -> LocalOptions.DEFAULT.withZfsProgram()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LocalOptions.DEFAULT.withCommandTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
