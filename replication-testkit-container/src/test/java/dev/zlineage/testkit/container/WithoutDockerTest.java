// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.container;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;

import org.junit.jupiter.api.Test;
import org.mockito.MockedStatic;
import org.testcontainers.DockerClientFactory;

/** What somebody is told who has no Docker. */
class WithoutDockerTest {

    @Test
    void saysWhatIsMissingAndWhatDoesWithoutIt() {
        DockerClientFactory none = mock(DockerClientFactory.class); // answers that none is there
        try (MockedStatic<DockerClientFactory> docker = mockStatic(DockerClientFactory.class)) {
            docker.when(DockerClientFactory::instance).thenReturn(none);
            assertThatThrownBy(OpenZfsContainer::boot)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no Docker answers")
                    .hasMessageContaining("OpenZfsLab");
        }
    }

    @Test
    void isReachedOnlyWhileItRuns() {
        assertThatThrownBy(() ->
                        OpenZfsContainer.of("registry.example.com/openzfs:2.3").zfs())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the container is not started");
    }
}
