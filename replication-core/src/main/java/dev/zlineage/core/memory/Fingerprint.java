// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.memory;

import dev.zlineage.core.zfs.Dataset;
import java.util.Optional;

/**
 * What a listing of datasets tells of one of them that changes with its snapshots, or that a plan depends on. Not what changes
 * all the time: the space that a dataset takes, and on the source what was written since its newest snapshot.
 *
 * @param digest of all that, and of what is asked for
 */
record Fingerprint(String digest) {

    /** Of a dataset that is sent. */
    static Optional<Fingerprint> ofSource(String request, Dataset dataset) {
        return of("source " + request, dataset, "");
    }

    /** Of a dataset that receives: one byte that was written to it makes another one. */
    static Optional<Fingerprint> ofTarget(String request, Dataset dataset) {
        return of("target " + request, dataset, "written " + dataset.written());
    }

    /**
     * Empty where the host does not tell when its snapshots changed: its OpenZFS is older than 2.2, or they never did since it is
     * not.
     */
    private static Optional<Fingerprint> of(String what, Dataset dataset, String more) {
        return dataset.snapshotsChanged().isEmpty()
                ? Optional.empty()
                : Optional.of(new Fingerprint(Digest.of(String.join(
                        "\n",
                        what,
                        dataset.name().value(),
                        dataset.kind().name(),
                        dataset.guid().hex(),
                        Long.toString(dataset.createtxg()),
                        dataset.origin().map(Object::toString).orElse("-"),
                        dataset.encryption().map(Object::toString).orElse("-"),
                        Boolean.toString(dataset.readonly()),
                        dataset.resumeToken().map(Dataset.ResumeToken::value).orElse("-"),
                        Long.toString(dataset.snapshotsChanged().getAsLong()),
                        more))));
    }
}
