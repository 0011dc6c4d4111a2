// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcTaskStoreTest extends TaskStoreContract {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Override
    TaskStore open() {
        return JdbcTaskStore.file(folder.resolve("tasks"));
    }

    @Test
    void whatAnEarlierProcessBeganIsBegunAgainAtOnce() {
        store.advance(Optional.empty(), at(60), List.of(request("a", 60, true)));
        Job job = store.waiting(at(60)).get(0);
        begun(job, 60);
        store.pause("p", true);
        store.close();
        store = open();
        assertThat(store.cursor()).contains(at(60));
        assertThat(store.paused()).containsExactly("p");
        assertThat(store.waiting(at(60))).extracting(Job::attempts).containsExactly(1);
        assertThat(store.begin(job.id(), "new", at(60), at(120))).isPresent();
    }

    /** As jobs ask whether they may go on, in threads that may be interrupted. */
    @Test
    void aThreadThatIsInterruptedClosesNothing() {
        Job job = store.queue(request("a", 0, true));
        Thread.currentThread().interrupt();
        Lease lease = begun(job, 0);
        assertThat(store.holds(lease)).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.holds(lease)).isTrue();
    }

    @Test
    void aFileIsOfOneServiceAtATime() {
        assertThatThrownBy(this::open)
                .isInstanceOf(TaskStoreException.class)
                .hasMessageContaining("is in use: another service runs on it");
    }

    @Test
    void aPathThatIsNoFolderIsToldOf() {
        assertThatThrownBy(() -> JdbcTaskStore.file(Path.of("/proc/none/tasks")))
                .isInstanceOf(TaskStoreException.class)
                .hasMessageContaining("/proc/none");
    }
}
