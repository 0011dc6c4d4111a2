// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.testkit.lab.OpenZfsLab;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Targets that have gone their own way, on real OpenZFS. */
@Tag("lab")
class DivergenceInGuestTest {

    private static final OpenZfsLab GUEST = OpenZfsLab.shared();
    private static final GuestApplication APPLICATION = GuestApplication.deploy(GUEST);

    /** A tree whose root was replicated, and then written on both sides; a child lies below it. */
    private static void diverged(String name) {
        GUEST.sh("""
                zfs create "tank/$1"; zfs create "tank/$1/child"; echo one > "/tank/$1/f"; echo child > "/tank/$1/child/f"
                zfs snapshot -r "tank/$1@old"; zfs snapshot -r "tank/$1@one"
                zfs send -R "tank/$1@one" | zfs receive -u "backup/$1"
                zfs set compression=gzip quota=1G "backup/$1"; zfs mount "backup/$1"
                echo precious > "/backup/$1/mine"; zfs snapshot "backup/$1@own"; zfs unmount "backup/$1"
                echo two > "/tank/$1/f"; zfs snapshot -r "tank/$1@two"
                """, name);
    }

    private static GuestApplication.Run run(String name, String remedy) {
        return APPLICATION.zlineage(
                "run", "--source", "tank/" + name, "--target", "backup/" + name, "-r", "--diverged", remedy);
    }

    private static void same(String name) {
        assertThat(GUEST.sh("zfs list -H -p -r -t snapshot -o guid -s createtxg \"backup/$1\" | sort", name))
                .isEqualTo(GUEST.sh("zfs list -H -p -r -t snapshot -o guid -s createtxg \"tank/$1\" | sort", name));
        assertThat(GUEST.sh("""
                mkdir -p /mnt/peek; mount -t zfs "backup/$1@two" /mnt/peek; cat /mnt/peek/f; ls /mnt/peek; umount /mnt/peek
                """, name)).isEqualTo("two\nchild\nf\n");
        assertThat(GUEST.sh("zfs list -H -r -t snapshot -o userrefs \"tank/$1\" | sort -u", name))
                .isEqualTo("0\n");
    }

    private static String aside(String name) {
        return GUEST.sh("zfs list -H -o name -d 1 backup | grep -F \"backup/$1.zl1-aside-\"", name)
                .strip();
    }

    @Test
    @DisplayName("what was written is refused by default, and given up by name")
    void rollsBack() {
        diverged("back");

        GuestApplication.Run refused = run("back", "refuse");
        assertThat(refused.exit()).as(refused.output()).isEqualTo(4);
        GuestApplication.Run run = run("back", "roll-back");

        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(run.output()).contains("snapshot backup/back@own");
        same("back");
    }

    @Test
    @DisplayName(
            "the target is set aside, and a clone of it goes on by increments; its child and properties move along")
    void setsAside() {
        diverged("aside");
        String child = GUEST.sh("zfs get -H -o value guid backup/aside/child");

        GuestApplication.Run run = run("aside", "set-aside");

        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(run.output()).doesNotContain("in full,");
        same("aside");
        String aside = aside("aside");
        assertThat(GUEST.sh("zfs mount \"$1\"; cat \"/$1/mine\"; zfs unmount \"$1\"", aside))
                .isEqualTo("precious\n");
        assertThat(GUEST.sh("zfs list -H -o name -d 1 -t snapshot \"$1\"", aside))
                .isEqualTo(aside + "@own\n");
        assertThat(GUEST.sh("zfs get -H -o value guid backup/aside/child")).isEqualTo(child);
        assertThat(GUEST.sh("zfs get -H -o value compression,quota backup/aside"))
                .isEqualTo("gzip\n1G\n");
        assertThat(GUEST.sh("zfs get -H -o value origin backup/aside")).isEqualTo("-\n");
        assertThat(GUEST.sh("zfs get -H -s local -o property zlineage:swap,zlineage:aside backup/aside"))
                .isEmpty();
        // and on, by increments
        GUEST.sh("echo three > /tank/aside/f; zfs snapshot -r tank/aside@three");
        GuestApplication.Run on = run("aside", "refuse");
        assertThat(on.exit()).as(on.output()).isZero();
        assertThat(on.output()).contains("increment @two -> @three");
    }

    @Test
    @DisplayName("everything is sent anew beside a target that has nothing in common, and takes its place")
    void startsOver() {
        diverged("over");
        GUEST.sh("zfs destroy backup/over@one; zfs destroy backup/over@old");

        GuestApplication.Run run = run("over", "start-over");

        assertThat(run.exit()).as(run.output()).isZero();
        same("over");
        assertThat(GUEST.sh("zfs mount \"$1\"; cat \"/$1/mine\"; zfs unmount \"$1\"", aside("over")))
                .isEqualTo("precious\n");
    }

    @Test
    @DisplayName("failover and failback go by increments")
    void failsOverAndBack() {
        GUEST.sh("zfs create tank/fail; echo one > /tank/fail/f; zfs snapshot tank/fail@one");
        assertThat(APPLICATION
                        .zlineage("run", "--source", "tank/fail", "--target", "backup/fail")
                        .exit())
                .isZero();
        GUEST.sh("""
                echo lost > /tank/fail/late; zfs set readonly=off backup/fail; zfs mount backup/fail
                echo away > /backup/fail/f; zfs snapshot backup/fail@away; zpool sync backup
                """);

        GuestApplication.Run back = APPLICATION.zlineage(
                "run",
                "--source",
                "backup/fail",
                "--target",
                "tank/fail",
                "--diverged",
                "roll-back",
                "--readonly",
                "ignore");
        assertThat(back.exit()).as(back.output()).isZero();
        assertThat(back.output()).contains("increment @one -> @away");
        assertThat(GUEST.sh("zfs unmount tank/fail; zfs mount tank/fail; cat /tank/fail/f; ls /tank/fail"))
                .isEqualTo("away\nf\n");

        GUEST.sh("echo home > /tank/fail/f; zfs snapshot tank/fail@home; zfs set readonly=on backup/fail");
        GuestApplication.Run forth = APPLICATION.zlineage("run", "--source", "tank/fail", "--target", "backup/fail");
        assertThat(forth.exit()).as(forth.output()).isZero();
        assertThat(forth.output()).contains("increment @away -> @home");
    }
}
