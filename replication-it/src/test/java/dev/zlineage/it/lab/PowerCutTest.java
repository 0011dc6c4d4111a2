// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.testkit.lab.OpenZfsLab;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The machine loses its power in the middle of a transfer between its two pools. Boots a machine of its own. */
@Tag("lab")
@Tag("long")
class PowerCutTest {

    private OpenZfsLab guest;

    @BeforeEach
    void boot() {
        guest = OpenZfsLab.boot();
    }

    @AfterEach
    void stop() {
        guest.close();
    }

    @ParameterizedTest(name = "full: {0}, after {1} bytes, a transaction group written: {2}")
    @CsvSource({
        "true,  100,      false",
        "true,  5000000,  false",
        "true,  9000000,  true",
        "false, 3000000,  true",
        "false, 11000000, true"
    })
    @DisplayName("a power cut is survived")
    void survived(boolean full, long bytes, boolean synced) {
        guest.sh("""
                zfs create tank/a; head -c 12000000 /dev/urandom > /tank/a/file; zfs snapshot tank/a@one
                if [ "$1" = false ]; then
                  zfs send tank/a@one | zfs receive -u -o readonly=on backup/a
                  head -c 12000000 /dev/urandom > /tank/a/file; zfs snapshot tank/a@two
                fi
                zpool sync
                """, Boolean.toString(full));
        String guids = guest.sh("zfs list -H -p -r -t snapshot -o guid tank/a");
        GuestApplication application = GuestApplication.deploy(guest);
        CutProgram.install(guest);
        guest.sh(
                CutProgram.armed("wait", bytes) + """

                setsid java -XX:TieredStopAtLevel=1 -cp "$1" dev.zlineage.cli.Main run --source tank/a --target backup/a \
                  --zfs "$2" > /run/out 2>&1 < /dev/null &
                for i in $(seq 600); do [ -e /run/cut-done ] && break; sleep 0.1; done
                [ -e /run/cut-done ]; sleep 1; if [ "$3" = true ]; then zpool sync; fi
                """,
                application.classPath(),
                CutProgram.PATH,
                Boolean.toString(synced));

        guest.cutPower();
        guest.bootAgain();

        GuestApplication again = GuestApplication.deploy(guest);
        GuestApplication.Run run = again.zlineage("run", "--source", "tank/a", "--target", "backup/a");
        assertThat(run.exit()).as(run.output()).isZero();
        if (synced) {
            assertThat(run.output()).contains("bytes were not sent again");
        }
        assertThat(guest.sh("zfs list -H -p -r -t snapshot -o guid backup/a")).isEqualTo(guids);
        assertThat(guest.sh("zfs list -H -r -t snapshot -o userrefs tank/a | sort -u")
                        .strip())
                .isEqualTo("0");
        assertThat(guest.sh("zfs list -H -r -t bookmark -o name tank/a | wc -l").strip())
                .isEqualTo("1");
        assertThat(guest.sh("""
                mkdir -p /mnt/peek; mount -t zfs "backup/a@$1" /mnt/peek; sha256sum < /mnt/peek/file; umount /mnt/peek
                """, full ? "one" : "two")).isEqualTo(guest.sh("sha256sum < /tank/a/file"));
        assertThat(guest.sh("zpool status -x").strip()).isEqualTo("all pools are healthy");
        System.out.println("power cut, " + (full ? "full" : "increment") + ", after " + bytes + " bytes: "
                + run.output()
                        .lines()
                        .filter(l -> l.contains("interrupted"))
                        .findFirst()
                        .orElse("began anew")
                        .strip());
    }
}
