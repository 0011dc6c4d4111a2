// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole application where it is meant to run: beside a real OpenZFS, as a process of its own. */
@Tag("lab")
class CommandLineInGuestTest {

    private static final LabGuest GUEST = LabGuest.shared();

    /** For each snapshot below $1, its name without $1, its GUID, and a hash of what it holds, read through a clone. */
    private static final String HOLDINGS = """
            zfs list -H -p -r -t snapshot -o name,guid -s name "$1" | while IFS=$'\\t' read -r snap guid; do
                clone=${1%%/*}/peek
                if [ "$(zfs get -H -o value type "${snap%@*}")" = volume ]; then
                    zfs clone -o volmode=dev "$snap" "$clone"; udevadm settle
                    for i in $(seq 100); do [ -b "/dev/zvol/$clone" ] && break; sleep 0.1; done
                    hash=$(sha256sum < "/dev/zvol/$clone")
                else
                    zfs clone -o mountpoint=/mnt/peek "$snap" "$clone"
                    hash=$(cd /mnt/peek && find . -type f -exec sha256sum {} + | sort | sha256sum)
                fi
                for i in $(seq 100); do zfs destroy "$clone" 2>/dev/null && break; sleep 0.1; done
                echo "${snap#"$1"} $guid $hash"
            done
            """;

    private static final GuestApplication APPLICATION = GuestApplication.deploy(GUEST);

    private static GuestApplication.Run zlineage(String... arguments) {
        return APPLICATION.zlineage(arguments);
    }

    private static void same(String source, String target) {
        assertThat(GUEST.sh(HOLDINGS, target))
                .isEqualTo(GUEST.sh(HOLDINGS, source))
                .isNotBlank();
    }

    @Test
    @DisplayName(
            "a tree of ten datasets with a volume goes over in full, then by increment, then there is nothing to do")
    void replicatesATree() {
        GUEST.sh("""
                zfs create tank/cli; zfs create -o recordsize=1M tank/cli/big
                for d in a b c 'with space'; do zfs create "tank/cli/$d"; done
                for d in a/x a/y b/z; do zfs create "tank/cli/$d"; done
                zfs create -V 8M tank/cli/vol; udevadm settle
                for f in /tank/cli /tank/cli/a /tank/cli/a/x /tank/cli/b/z; do head -c 200000 /dev/urandom > $f/file; done
                head -c 3000000 /dev/urandom > /tank/cli/big/file
                for i in $(seq 100); do [ -b /dev/zvol/tank/cli/vol ] && break; sleep 0.1; done
                head -c 1000000 /dev/urandom | dd of=/dev/zvol/tank/cli/vol conv=fsync,notrunc status=none
                zfs snapshot -r tank/cli@one
                """);

        GuestApplication.Run full = zlineage("run", "--source", "tank/cli", "--target", "backup/cli", "--recursive");

        assertThat(full.exit()).as(full.output()).isZero();
        same("tank/cli", "backup/cli");
        assertThat(GUEST.sh("zfs list -H -r -o name backup/cli | wc -l").strip())
                .isEqualTo("10");
        assertThat(GUEST.sh("zfs list -H -r -o readonly backup/cli | sort -u").strip())
                .isEqualTo("on");
        assertThat(GUEST.sh("zfs list -H -r -t filesystem -o mounted backup/cli | sort -u")
                        .strip())
                .isEqualTo("no");

        GUEST.sh("""
                echo changed > /tank/cli/a/x/file; rm /tank/cli/b/z/file; head -c 50000 /dev/urandom > /tank/cli/c/new
                head -c 5000 /dev/urandom | dd of=/dev/zvol/tank/cli/vol conv=fsync,notrunc status=none
                zfs snapshot -r tank/cli@two; date > /tank/cli/a/y/file
                """);
        GuestApplication.Run increment =
                zlineage("run", "--source", "tank/cli", "--target", "backup/cli", "--recursive", "--snapshot=three");

        assertThat(increment.exit()).as(increment.output()).isZero();
        same("tank/cli", "backup/cli");
        assertThat(GUEST.sh("zfs list -H -p -d 1 -t snapshot -o createtxg -r tank/cli | sort -u | wc -l")
                        .strip())
                .as("what --snapshot takes is of one transaction group")
                .isNotEmpty();
        assertThat(GUEST.sh("zfs list -H -r -t snapshot -o userrefs tank/cli | sort -u")
                        .strip())
                .as("holds left behind")
                .isEqualTo("0");
        assertThat(GUEST.sh("zfs list -H -r -t bookmark -o name tank/cli | wc -l")
                        .strip())
                .as("one bookmark a dataset")
                .isEqualTo("10");

        String before = GUEST.sh("zfs list -H -r -t all -o name tank/cli backup/cli");
        GuestApplication.Run nothing = zlineage("run", "--source", "tank/cli", "--target", "backup/cli", "--recursive");
        assertThat(nothing.exit()).as(nothing.output()).isZero();
        assertThat(nothing.output()).contains("10 up to date");
        assertThat(GUEST.sh("zfs list -H -r -t all -o name tank/cli backup/cli"))
                .isEqualTo(before);
    }

    @Test
    @Tag("long") // each command is a JVM in the guest, and all of these are scenarios too
    @Tag("long") // each command is a JVM in the guest; the situations are scenarios too
    @DisplayName("a target made by plain zfs send, with foreign names and holds, is carried on by an increment")
    void adopts() {
        GUEST.sh("""
                zfs create tank/adopt; for i in 1 2 3; do echo $i > /tank/adopt/f; zfs snapshot tank/adopt@auto_$i; done
                zfs send -R tank/adopt@auto_2 | zfs receive -u backup/adopted
                zfs rename tank/adopt@auto_2 tank/adopt@renamed; zfs hold theirs backup/adopted@auto_2
                """);

        GuestApplication.Run run = zlineage("run", "--source", "tank/adopt", "--target", "backup/adopted");

        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(run.output()).contains("increment @renamed -> @auto_3");
        assertThat(GUEST.sh("zfs list -H -p -t snapshot -o guid -r backup/adopted"))
                .isEqualTo(GUEST.sh("zfs list -H -p -t snapshot -o guid -r tank/adopt"));
        assertThat(GUEST.sh("zfs holds -H backup/adopted@auto_2")).contains("theirs");
    }

    @Test
    @Tag("long") // each command is a JVM in the guest, and all of these are scenarios too
    @Tag("long") // each command is a JVM in the guest; the situations are scenarios too
    @DisplayName("a snapshot destroyed on the source is still a base, by the bookmark that the last run made")
    void continuesFromABookmark() {
        GUEST.sh("zfs create tank/mark; echo 1 > /tank/mark/f; zfs snapshot tank/mark@one");
        assertThat(zlineage("run", "--source", "tank/mark", "--target", "backup/mark")
                        .exit())
                .isZero();
        GUEST.sh("zfs destroy tank/mark@one; echo 2 > /tank/mark/f; zfs snapshot tank/mark@two");

        GuestApplication.Run run = zlineage("run", "--source", "tank/mark", "--target", "backup/mark");

        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(run.output()).contains("only a bookmark");
        assertThat(GUEST.sh("zfs list -H -t snapshot -o name -r backup/mark")).isEqualTo("""
                backup/mark@one
                backup/mark@two
                """);
    }

    @Test
    @Tag("long") // each command is a JVM in the guest, and all of these are scenarios too
    @Tag("long") // each command is a JVM in the guest; the situations are scenarios too
    @DisplayName("what can't be done is said in one message, and changes nothing")
    void refuses() {
        GUEST.sh("""
                zfs create tank/bad; echo 1 > /tank/bad/f; zfs snapshot tank/bad@one; zfs create backup/foreign
                echo mine > /backup/foreign/file; truncate -s 96M /var/tmp/small.img
                zpool create small /var/tmp/small.img; head -c 120000000 /dev/urandom > /tank/bad/large
                zfs snapshot tank/bad@large; zfs create backup/diverged
                """);
        String before = GUEST.sh("zfs list -H -r -t all -o name tank backup small");

        GuestApplication.Run missing = zlineage("run", "--source", "tank/none", "--target", "backup/none");
        assertThat(missing.exit()).isNotZero();
        assertThat(missing.output()).contains("tank/none").doesNotContain("Exception");

        GuestApplication.Run noPool = zlineage("run", "--source", "tank/bad", "--target", "nopool/bad");
        assertThat(noPool.exit()).isNotZero();
        assertThat(noPool.output()).contains("nopool").doesNotContain("Exception");

        GuestApplication.Run inside = zlineage("run", "--source", "tank/bad", "--target", "tank", "--recursive");
        assertThat(inside.exit()).isEqualTo(2);
        assertThat(inside.output()).contains("tank/bad").doesNotContain("Exception");

        GuestApplication.Run names = zlineage("run", "--source", "tank/b%d", "--target", "-rf");
        assertThat(names.exit()).isEqualTo(2);
        assertThat(names.output()).contains("tank/b%d").doesNotContain("Exception");

        GuestApplication.Run foreign = zlineage("run", "--source", "tank/bad", "--target", "backup/foreign");
        assertThat(foreign.exit()).isEqualTo(4);
        assertThat(foreign.output()).contains("may hold data").contains("way out");

        GuestApplication.Run full = zlineage("run", "--source", "tank/bad", "--target", "small/bad", "--newest");
        assertThat(full.exit()).as(full.output()).isEqualTo(4);
        assertThat(full.output())
                .contains("small has")
                .contains("--ignore-room")
                .doesNotContain("Exception");

        assertThat(GUEST.sh("zfs list -H -r -t all -o name tank backup small")).isEqualTo(before);

        GuestApplication.Run filled =
                zlineage("run", "--source", "tank/bad", "--target", "small/bad", "--newest", "--ignore-room");
        assertThat(filled.exit()).as(filled.output()).isEqualTo(1);
        assertThat(filled.output())
                .containsIgnoringCase("space")
                .contains("zfs receive -A small/bad")
                .doesNotContain("Exception");
        assertThat(GUEST.sh("cat /backup/foreign/file")).isEqualTo("mine\n");
        GUEST.sh("zpool destroy small; rm /var/tmp/small.img");
    }

    @Test
    @Tag("long") // each command is a JVM in the guest, and all of these are scenarios too
    @Tag("long") // each command is a JVM in the guest; the situations are scenarios too
    @DisplayName("an empty filesystem made by hand becomes the replica")
    void replacesAnEmptyTarget() {
        GUEST.sh("zfs create tank/into; echo 1 > /tank/into/f; zfs snapshot tank/into@one; zfs create backup/byhand");

        GuestApplication.Run run = zlineage("run", "--source", "tank/into", "--target", "backup/byhand");

        assertThat(run.exit()).as(run.output()).isZero();
        same("tank/into", "backup/byhand");
    }

    @Test
    @DisplayName("a run that is ended leaves no process, and the next one succeeds")
    void leavesNoProcessBehind() {
        GUEST.sh("""
                zfs create tank/long; head -c 150000000 /dev/urandom > /tank/long/file; zfs snapshot tank/long@one
                cp=$1
                java -cp "$cp" dev.zlineage.cli.Main run --source tank/long --target backup/long > /tmp/long.out 2>&1 &
                for i in $(seq 600); do pgrep -x zfs > /dev/null && [ "$(pgrep -xc zfs)" -ge 2 ] && break; sleep 0.05; done
                pgrep -x zfs > /dev/null
                kill -TERM $!; wait $! || true
                for i in $(seq 100); do pgrep -x zfs > /dev/null || break; sleep 0.1; done
                ! pgrep -x zfs
                """, APPLICATION.classPath());

        GuestApplication.Run again = zlineage("run", "--source", "tank/long", "--target", "backup/long");

        assertThat(again.exit()).as(again.output()).isZero();
        same("tank/long", "backup/long");
        assertThat(GUEST.sh("zfs list -H -t snapshot -o userrefs tank/long@one").strip())
                .isEqualTo("0");
    }
}
