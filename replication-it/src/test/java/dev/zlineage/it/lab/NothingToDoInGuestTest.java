// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a run costs in which nothing changed, counted where a real {@code zfs} is called. */
@Tag("lab")
class NothingToDoInGuestTest {

    private static final LabGuest GUEST = LabGuest.shared();

    @Test
    @DisplayName("with a memory each run calls zfs three times: its version, and one listing of datasets a side")
    void threeCalls() {
        GuestApplication application = GuestApplication.deploy(GUEST);
        GUEST.sh("""
                zfs create tank/calm
                for i in $(seq 20); do zfs create -o canmount=off "tank/calm/d$i"; done
                zfs snapshot -r tank/calm@one
                printf '#!/bin/sh\necho "$*" >> /run/zfs.calls\nexec zfs "$@"\n' > /run/zfs-logged; chmod +x /run/zfs-logged
                """);
        String[] run = {
            "run",
            "--source",
            "tank/calm",
            "--target",
            "backup/calm",
            "-r",
            "--quiet",
            "--zfs",
            "/run/zfs-logged",
            "--memory",
            "/run/memory"
        };
        for (int i = 0; i < 3; i++) { // sends, sees the new times of the target, and looks once they are old enough
            assertThat(application
                            .zlineage(List.of("sleep 3; rm -f /run/zfs.calls"), run)
                            .exit())
                    .isZero();
        }

        GuestApplication.Run nothing = application.zlineage(List.of("sleep 3; rm -f /run/zfs.calls"), run);

        assertThat(nothing.exit()).as(nothing.output()).isZero();
        assertThat(nothing.output()).contains("21 up to date");
        assertThat(GUEST.sh("cat /run/zfs.calls").lines())
                .hasSize(3)
                .anyMatch(line -> line.equals("version"))
                .noneMatch(line -> line.contains("snapshot,bookmark"));

        GUEST.sh("zfs snapshot tank/calm/d7@two");
        GuestApplication.Run one = application.zlineage(List.of("rm -f /run/zfs.calls"), run);

        assertThat(one.exit()).as(one.output()).isZero();
        assertThat(GUEST.sh("grep snapshot,bookmark /run/zfs.calls").lines())
                .as("histories are listed of what changed alone, and verified on the target")
                .hasSize(3)
                .allMatch(line -> line.endsWith("/calm/d7"));
        assertThat(GUEST.sh("zfs list -H -t snapshot -o name -r backup/calm/d7").lines())
                .containsExactly("backup/calm/d7@one", "backup/calm/d7@two");
        GUEST.sh("zfs destroy -r tank/calm; zfs destroy -r backup/calm");
    }
}
