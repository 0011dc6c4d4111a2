// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Permissions;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who the user is, and what {@code zfs allow} says of it. */
class PermissionsTest {

    private static final DatasetName TANK = DatasetName.of("tank");
    private static final DatasetName E = DatasetName.of("tank/e");
    private static final DatasetName C = DatasetName.of("tank/e/c");

    /** Put together from what OpenZFS prints, with names that have spaces. */
    private static final String PRINTED = """
            ---- Permissions on tank/e/c -----------------------------------------
            Local+Descendent permissions:
            \tuser nasadmin @deep
            ---- Permissions on tank/e -------------------------------------------
            Permission sets:
            \t@deep @mark,send
            Create time permissions:
            \tdestroy,rollback
            Local permissions:
            \tuser nasadmin mount,snapshot
            Descendent permissions:
            \tuser nasadmin diff
            Local+Descendent permissions:
            \tgroup domain users bookmark
            \tgroup wheel promote
            \tuser (unknown: 4711) clone
            \tuser root rename
            ---- Permissions on tank ---------------------------------------------
            Permission sets:
            \t@mark hold,release
            Local+Descendent permissions:
            \teveryone load-key
            """;

    private final ScriptedRunner runner = new ScriptedRunner();
    private final CommandZfs zfs = new CommandZfs(runner);

    private Answer<Permissions> ask(String id, String printed, DatasetName... names) {
        runner.id = id;
        runner.then(0, "zfs-2.3.2-1\n", "").then(0, printed, "");
        return zfs.execute(new ZfsCommand.ListPermissions(List.of(names)));
    }

    @ParameterizedTest(name = "{1} on {0}: {2}")
    @CsvSource({
        "tank/e, snapshot, true", // local
        "tank/e/c, snapshot, false",
        "tank/e, diff, false", // below
        "tank/e/c, diff, true",
        "tank/e/c/new, diff, true",
        "tank/e, bookmark, true", // by a group with a space in its name
        "tank/e/c, bookmark, true",
        "tank/e, promote, false", // of a group that the user is not in
        "tank/e, clone, false",
        "tank/e, rename, false",
        "tank, load-key, true", // everyone
        "tank/e/c, load-key, true",
        "tank/e/c, send, true", // a set of the dataset above
        "tank/e/c, hold, true", // a set in it, of the dataset above that
        "tank/e, send, false",
        "tank/e, rollback, false", // of those who create
        "tank/e/new, rollback, true",
    })
    void whatReachesTheUser(String dataset, String permission, boolean allowed) {
        Permissions found = ask(
                        "uid=1000(nasadmin) gid=1000(nasadmin) groups=1000(nasadmin),513(domain users)\n", PRINTED, C)
                .orThrow();

        assertThat(found.user()).contains("nasadmin");
        assertThat(found.allow(permission, DatasetName.of(dataset))).isEqualTo(allowed);
    }

    @Test
    @DisplayName("one round trip, and no line for a dataset that is printed with one below it")
    void asksOncePerLowestDataset() {
        ask("uid=1000(ann) gid=1000(ann) groups=1000(ann)", "", E, C, TANK, DatasetName.of("tank/f"))
                .orThrow();

        assertThat(runner.lines()).containsExactly("version", "allow tank/e/c", "allow tank/f");
        assertThat(runner.calls).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"uid=0(root) gid=0(root) groups=0(root)", "uid=0(toor) gid=0(wheel) groups=0(wheel),5(operator)"
            })
    void rootIsNotAskedAbout(String id) {
        assertThat(ask(id, "", E).orThrow()).isEqualTo(Permissions.ALL);
        assertThat(runner.lines()).containsExactly("version");
    }

    @Test
    void whoComesBySudoIsNotAskedAbout() {
        CommandZfs sudo = new CommandZfs(runner, List.of("sudo", "-n", "zfs"));
        runner.id = "uid=1000(ann) gid=1000(ann) groups=1000(ann)";
        runner.then(0, "zfs-2.3.2-1\n", "");

        assertThat(sudo.execute(new ZfsCommand.ListPermissions(List.of(E))).orThrow())
                .isEqualTo(Permissions.ALL);
        assertThat(runner.calls)
                .singleElement()
                .satisfies(call -> assertThat(call).hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "whoever", "id: command not allowed"})
    void aUserThatCannotBeToldIsAFailure(String id) {
        assertThat(ask(id, "", E).failedWith(Kind.UNSUPPORTED)).isTrue();
        assertThat(runner.lines()).containsExactly("version");
    }

    @Test
    @DisplayName("a program of another place may work as somebody else: nothing is taken for the user's rights")
    void aForwarder() {
        runner.id = "uid=1000(ann) gid=1000(ann) groups=1000(ann)";
        runner.then(0, "zfs-2.3.2-1\n", "");
        Answer<Permissions> answer = new CommandZfs(runner, List.of("/opt/forward/bin/zfs"))
                .execute(new ZfsCommand.ListPermissions(List.of(E)));

        assertThat(answer.failedWith(Kind.UNSUPPORTED)).isTrue();
        assertThat(runner.calls.get(0)).hasSize(1);
    }

    @Test
    void aUserWithoutANameIsKnownByItsNumber() {
        Permissions found =
                ask("uid=4711 gid=99(g) groups=99(g),100", PRINTED, E).orThrow();

        assertThat(found.user()).contains("4711");
        assertThat(found.allow("clone", E)).isTrue();
        assertThat(found.allow("snapshot", E)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Lokale Rechte:\n\tuser ann send\n",
                "\tuser ann send\n",
                "---- Permissions on tank/e ---\nLocal permissions:\n\trole ann send\n",
                "---- Permissions on t@nk ---\nLocal permissions:\n\tuser ann send\n"
            })
    void whatIsNotUnderstoodIsAFailureAndNoGuess(String printed) {
        assertThat(ask("uid=1000(ann) gid=1000(ann) groups=1000(ann)", printed, E)
                        .failedWith(Kind.UNREADABLE))
                .isTrue();
    }

    @Test
    void namesThatFillTheLineAndNamesWithHyphens() {
        String name = "tank/" + "x".repeat(60);
        String printed = "---- Permissions on " + name + " \nLocal permissions:\n\tuser ann send\n"
                + "---- Permissions on tank/a b - --------\nLocal permissions:\n\tuser ann send\n";
        Permissions found =
                ask("uid=1000(ann) gid=1000(ann) groups=1000(ann)", printed, E).orThrow();

        assertThat(found.allow("send", DatasetName.of(name))).isTrue();
        assertThat(found.allow("send", DatasetName.of("tank/a b -"))).isTrue();
    }

    @Test
    void aDatasetThatDoesNotExistIsNoFailure() {
        runner.id = "uid=1000(ann) gid=1000(ann) groups=1000(ann)";
        runner.then(0, "zfs-2.3.2-1\n", "")
                .then(1, "", "cannot open 'tank/e': dataset does not exist\nFailed to open dataset: tank/e\n");

        assertThat(zfs.execute(new ZfsCommand.ListPermissions(List.of(E)))
                        .orThrow()
                        .grants())
                .isEmpty();
    }
}
