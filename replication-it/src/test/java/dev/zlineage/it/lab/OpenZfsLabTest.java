// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.lab.OpenZfsLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That what a test hands to the guest arrives unchanged, and that a failure there is one here. */
@Tag("lab")
class OpenZfsLabTest {
    private final OpenZfsLab guest = OpenZfsLab.shared();

    @Test
    void passesEveryArgumentUnchanged() {
        String hostile = " a'b\"c\\d$HOME`id`\t*\n~#;&|<>(){}[]!é\n";
        assertThat(guest.sh("printf '<%s>' \"$@\"", hostile, "", "-n", "'")).isEqualTo("<" + hostile + "><><-n><'>");
    }

    @Test
    void failsWithWhatTheGuestSaid() {
        assertThatThrownBy(() -> guest.sh("echo first; ls /no/such/file; echo never"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("first")
                .hasMessageContaining("/no/such/file")
                .hasMessageNotContaining("never\n");
    }

    @Test
    void copiesFoldersIn(@TempDir Path folder) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("x/deep")).resolve("file"), "content");
        String there = guest.copyIn(folder.resolve("x"));
        assertThat(guest.sh("cat \"$1/deep/file\"", there)).isEqualTo("content");
    }

    @Test
    void isAHost() {
        DatasetName name = DatasetName.of("tank/host");
        try (Zfs zfs = guest.zfs()) {
            zfs.execute(new ZfsCommand.CreateFilesystem(name, Map.of())).orThrow();
            assertThat(guest.sh("zfs list -H -o name tank/host")).isEqualTo("tank/host\n");
            zfs.execute(new ZfsCommand.DestroyDataset(name, Scope.SELF)).orThrow();
        }
    }
}
