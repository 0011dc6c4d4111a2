// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.plan.NewParent;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Creates the filesystems that what is received needs above it, each once what is received above itself has arrived. What
 * can't be created fails what lies below it, and nothing else.
 */
final class Parents {

    private final Zfs target;
    private final List<NewParent> missing;
    private final Map<DatasetName, ZfsFailure> failed = new HashMap<>();

    Parents(Zfs target, List<NewParent> planned) {
        this.target = target;
        this.missing = new ArrayList<>(planned);
    }

    /** Creates those that lie below nothing that is still to arrive. */
    void create(Set<DatasetName> unfinished) {
        Iterator<NewParent> parents = missing.iterator();
        while (parents.hasNext()) {
            NewParent parent = parents.next();
            if (parent.name().ancestors().stream().noneMatch(unfinished::contains)) {
                parents.remove();
                create(parent);
            }
        }
    }

    private void create(NewParent parent) {
        Optional<ZfsFailure> above = obstacle(parent.name());
        if (above.isPresent()) {
            failed.put(parent.name(), above.get());
            return;
        }
        parent.key()
                .flatMap(step ->
                        failure(new ZfsCommand.StoreKey(step.path(), step.key().key())))
                .or(() -> failure(new ZfsCommand.CreateFilesystem(parent.name(), parent.properties()))
                        .filter(failure -> failure.kind() != ZfsFailure.Kind.ALREADY_EXISTS))
                .ifPresent(failure -> failed.put(parent.name(), failure));
    }

    private Optional<ZfsFailure> failure(ZfsCommand<?> command) {
        return target.execute(command) instanceof Answer.Failed<?> answer
                ? Optional.of(answer.failure())
                : Optional.empty();
    }

    /** Why nothing can be received into a dataset. */
    Optional<ZfsFailure> obstacle(DatasetName dataset) {
        return dataset.ancestors().stream()
                .flatMap(above -> Optional.ofNullable(failed.get(above)).stream())
                .findFirst();
    }
}
