// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A process with those below it, such as the {@code zfs} of a {@code sudo}. Who is below is only known while the parent
 * lives, so it is looked at before anything is ended, and what was once seen is remembered.
 */
final class ProcessTree {

    private final Process root;
    private final Set<ProcessHandle> below = ConcurrentHashMap.newKeySet();

    ProcessTree(Process root) {
        this.root = root;
    }

    /** Asks all of them to end. */
    void terminate() {
        look();
        root.destroy();
        below.forEach(ProcessHandle::destroy);
    }

    /** Ends all of them. */
    void kill() {
        look();
        root.destroyForcibly();
        below.forEach(ProcessHandle::destroyForcibly);
    }

    /** Looks who is below. */
    void look() {
        root.descendants().forEach(below::add);
    }

    boolean isAlive() {
        return root.isAlive() || below.stream().anyMatch(ProcessHandle::isAlive);
    }
}
