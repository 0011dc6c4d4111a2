// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.run.ReplicationEvent;
import dev.zlineage.core.run.ReplicationListener;
import java.util.ArrayList;
import java.util.List;

/** What happens in a run, for programs: printed while it happens, or kept for the document at its end. */
final class Events {

    private final Environment environment;
    private final OutputForm form;
    private final List<String> kept = new ArrayList<>();

    Events(Environment environment, OutputForm form) {
        this.environment = environment;
        this.form = form;
    }

    /** Listens to a plan that no task is behind. */
    ReplicationListener listener() {
        return of("");
    }

    /** Listens to a plan of a task. */
    ReplicationListener of(String task) {
        return form.json() ? event -> add(task, event) : ReplicationListener.NONE;
    }

    private void add(String task, ReplicationEvent event) {
        if (form == OutputForm.DOCUMENT && event instanceof ReplicationEvent.BytesMoved) {
            return; // of use only while it is new
        }
        String line = EventJson.of(environment.clock().instant(), task, event);
        if (form == OutputForm.LINES) {
            environment.out().println(line);
            environment.out().flush();
        } else {
            kept.add(line);
        }
    }

    /** Those that were not printed. */
    List<String> kept() {
        return List.copyOf(kept);
    }
}
