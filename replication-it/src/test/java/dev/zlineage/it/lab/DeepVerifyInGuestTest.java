// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.testkit.lab.OpenZfsLab;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code verify --deep} on real OpenZFS, with what a GUID does not show. */
@Tag("lab")
class DeepVerifyInGuestTest {

    private static final OpenZfsLab GUEST = OpenZfsLab.shared();
    private static final GuestApplication APPLICATION = GuestApplication.deploy(GUEST);

    /** Damages the first block of a file of a pool that lies in a file: its name, the dataset, the number of the file. */
    private static final String DAMAGE = """
            zpool sync "$1"; block=$(zdb -ddddd "$2" "$3" | awk '$2 == "L0" { print $3; exit }' | cut -d: -f2)
            zpool export "$1"
            dd if=/dev/urandom of=/var/tmp/$1 bs=512 count=8 seek=$(((0x$block + 4194304) / 512)) conv=notrunc status=none
            zpool import -d /var/tmp/$1 "$1"
            """;

    private static GuestApplication.Run verify(String source, String target, String... more) {
        List<String> arguments = new ArrayList<>(List.of("verify", "--source", source, "--target", target, "-r"));
        arguments.addAll(List.of(more));
        return APPLICATION.zlineage(arguments.toArray(String[]::new));
    }

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(GUEST.sh("mount | grep zl1-verify || true; ls -d /tmp/zl1-verify* 2> /dev/null || true;"
                        + " zfs list -H -o name | grep zl1-verify || true"))
                .isEmpty();
    }

    @Test
    @DisplayName("a tree with hostile names and a volume is the same")
    void tree() {
        GUEST.sh("""
                zfs create tank/deep; zfs create tank/deep/child; cd /tank/deep
                echo one > f; mkdir -p "d/with space"; echo x > "d/with space/n"; ln -s $'tar\\tget\\nx' link
                echo odd > $'new\\nline'; echo o > $'bad\\xff\\xfe'; echo o > $'bad\\xfe\\xff'; echo o > "quo'te\\"\\\\back"
                mkfifo pipe; : > empty; head -c 300000 /dev/urandom > child/big
                zfs create -s -V 8M tank/deep/vol; udevadm settle
                head -c 3000000 /dev/urandom | dd of=/dev/zvol/tank/deep/vol conv=fsync,notrunc status=none
                zfs snapshot -r tank/deep@one; cd /
                """);
        assertThat(APPLICATION
                        .zlineage("run", "--source", "tank/deep", "--target", "backup/deep", "-r")
                        .exit())
                .isZero();

        GuestApplication.Run same = verify("tank/deep", "backup/deep", "--deep");

        assertThat(same.exit()).as(same.output()).isZero();
        assertThat(same.output()).contains("result: 3 same", "(13 compared)", "(8 compared)");
    }

    @Test
    @DisplayName("other contents under the right GUID, from a bookmark of a rolled back middle host, are found by file")
    void otherContents() {
        GUEST.sh("""
                zfs create tank/a; echo one > /tank/a/f; zfs snapshot tank/a@1; zfs create tank/b
                zfs send tank/a@1 | zfs receive -F tank/b; echo middle > /tank/b/own; zfs snapshot tank/b@2
                zfs bookmark tank/b@2 tank/b#2
                zfs send tank/b@1 | zfs receive -u backup/c; zfs send -i @1 tank/b@2 | zfs receive -u backup/c
                echo three > /tank/a/f; zfs snapshot tank/a@3; zfs send -i @1 tank/a@3 | zfs receive -F tank/b
                zfs send -i '#2' tank/b@3 | zfs receive -u backup/c
                """);

        GuestApplication.Run byGuid = verify("tank/b", "backup/c");
        assertThat(byGuid.exit()).as(byGuid.output()).isZero();
        GuestApplication.Run deep = verify("tank/b", "backup/c", "--deep", "--all-snapshots");

        assertThat(deep.exit()).as(deep.output()).isEqualTo(6);
        assertThat(deep.output())
                .contains("@1: the same contents", "only on the target: own", "way out:", "zfs rollback -r backup/c@1");

        GUEST.sh("zfs rollback -r backup/c@1; zfs destroy tank/b#2");
        assertThat(APPLICATION
                        .zlineage("run", "--source", "tank/b", "--target", "backup/c")
                        .exit())
                .isZero();
        GuestApplication.Run repaired = verify("tank/b", "backup/c", "--deep");
        assertThat(repaired.exit()).as(repaired.output()).isZero();
    }

    @Test
    @DisplayName("a damaged block is found; zfs receive -c heals it, and leaves its snapshot unmountable")
    void damage() {
        GUEST.sh("""
                truncate -s 256M /var/tmp/hurt; zpool create hurt /var/tmp/hurt; zfs create tank/whole
                head -c 400000 /dev/urandom > /tank/whole/big; echo small > /tank/whole/small; zfs snapshot tank/whole@1
                zfs send tank/whole@1 | zfs receive -u -o readonly=on hurt/copy
                """);
        GUEST.sh(
                DAMAGE,
                "hurt",
                "hurt/copy",
                GUEST.sh("stat -c %i /tank/whole/big").strip());

        GuestApplication.Run deep = verify("tank/whole", "hurt/copy", "--deep");

        assertThat(deep.exit()).as(deep.output()).isEqualTo(6);
        assertThat(deep.output())
                .contains("@1: 1 difference", "is damaged on the target and can't be read: big")
                .contains("zfs send tank/whole@1 | zfs receive -c hurt/copy@1");

        // Why that is advice, and nothing that is done by itself. Where this no longer holds, it could be.
        GUEST.sh("zfs send tank/whole@1 | zfs receive -c hurt/copy@1; zfs mount hurt/copy || true");
        assertThat(GUEST.sh("sha256sum < /hurt/copy/big")).isEqualTo(GUEST.sh("sha256sum < /tank/whole/big"));
        GuestApplication.Run healed = verify("tank/whole", "hurt/copy", "--deep");
        assertThat(healed.exit()).as(healed.output()).isEqualTo(1);
        assertThat(healed.output()).contains("NOT COMPARED", "the target could not be read");
        GUEST.sh("zpool destroy hurt; rm /var/tmp/hurt");
    }

    @Test
    @DisplayName("a verification that is ended takes away what it made")
    void ended() {
        GUEST.sh("""
                zfs create tank/slow; head -c 150000000 /dev/urandom > /tank/slow/file; zfs snapshot tank/slow@one
                zfs send tank/slow@one | zfs receive -u backup/slow
                java -cp "$1" dev.zlineage.cli.Main verify --deep --source tank/slow --target backup/slow > /tmp/slow.out 2>&1 &
                for i in $(seq 600); do pgrep -x sha256sum > /dev/null && break; sleep 0.05; done
                [ "$(mount | grep -c zl1-verify)" -ge 1 ]
                kill -TERM $!; wait $! || true
                ! pgrep -x sha256sum
                """, APPLICATION.classPath());
    }
}
