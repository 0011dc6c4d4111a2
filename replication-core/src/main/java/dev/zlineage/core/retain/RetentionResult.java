// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.json.JsonWriter;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Snapshot;
import java.util.List;

/**
 * What became of a plan of deletions.
 *
 * @param datasets those from which something was to be destroyed, or that the plan left alone, in its order
 */
public record RetentionResult(List<Pruned> datasets) {

    /** Copies the list. */
    public RetentionResult {
        datasets = List.copyOf(datasets);
    }

    /**
     * One dataset.
     *
     * @param dataset which
     * @param destroyed what is gone
     * @param spared what was to go, and is not
     */
    public record Pruned(DatasetName dataset, List<Snapshot> destroyed, List<Spared> spared) {

        /** Copies the lists. */
        public Pruned {
            destroyed = List.copyOf(destroyed);
            spared = List.copyOf(spared);
        }
    }

    /**
     * A snapshot that was to be destroyed, and was not.
     *
     * @param snapshot which
     * @param cause for programs
     * @param why the reason, for a reader
     */
    public record Spared(Snapshot snapshot, Cause cause, String why) {}

    /** Why a snapshot was not destroyed. */
    public enum Cause {
        /** The plan left its dataset alone. */
        LEFT_ALONE,
        /** It is not there any more, is another snapshot under that name, or one that had to stay is gone. */
        CHANGED,
        /** It is held, cloned or in use. */
        IN_USE,
        /** A command failed. */
        FAILED,
        /** The run was told to stop before. */
        STOPPED
    }

    /**
     * Whether no command failed. Snapshots in use do not count as failures.
     *
     * @return false if something was not destroyed for {@link Cause#FAILED}
     */
    public boolean success() {
        return count(Cause.FAILED) == 0;
    }

    /**
     * How many snapshots are gone.
     *
     * @return the number
     */
    public int destroyed() {
        return datasets.stream().mapToInt(d -> d.destroyed().size()).sum();
    }

    /**
     * How many snapshots were spared for a cause.
     *
     * @param cause which
     * @return the number
     */
    public int count(Cause cause) {
        return (int) datasets.stream()
                .flatMap(d -> d.spared().stream())
                .filter(s -> s.cause() == cause)
                .count();
    }

    /**
     * The result as JSON.
     *
     * @return a JSON object over several lines
     */
    public String toJson() {
        JsonWriter json = new JsonWriter(true).object();
        json.name("format").value("zlineage.retained/1");
        json.name("success").value(success());
        json.name("destroyed").value(destroyed());
        json.name("datasets").array();
        for (Pruned pruned : datasets) {
            json.object().name("dataset").value(pruned.dataset().value());
            json.name("destroyed").array();
            pruned.destroyed().forEach(s -> json.value(s.label()));
            json.endArray().name("spared").array();
            for (Spared spared : pruned.spared()) {
                json.object().name("name").value(spared.snapshot().label());
                json.name("cause").value(RetentionJson.word(spared.cause()));
                json.name("why").value(spared.why()).endObject();
            }
            json.endArray().endObject();
        }
        return json.endArray().endObject().toString();
    }

    /** A line of counts, then each snapshot that was spared. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("retention: " + destroyed() + " snapshots destroyed\n");
        for (Pruned pruned : datasets) {
            for (Spared spared : pruned.spared()) {
                text.append("  ").append(pruned.dataset()).append(spared.snapshot());
                text.append(spared.cause() == Cause.FAILED ? ": FAILED, " : ": not destroyed, ");
                text.append(spared.why()).append('\n');
            }
        }
        return text.toString();
    }
}
