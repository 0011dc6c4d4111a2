// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.mark.StreamMark;
import dev.zlineage.core.plan.TargetStep;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Puts one dataset in the place of another. OpenZFS has no command for that: it is several renames, and none of them undoes
 * another. So the intent is written on the incoming dataset first; from then on each step can be told from what is there,
 * whoever looks, and what a crash leaves undone the next run does. Nothing is destroyed.
 */
final class Swapping {

    /** What is decided when a dataset is made, and can't be set, or must not be taken along. */
    private static final Set<String> NOT_CARRIED = Set.of(
            "encryption",
            "keyformat",
            "keylocation",
            "pbkdf2iters",
            "volsize",
            "volblocksize",
            "readonly",
            SetAside.SWAP,
            SetAside.ASIDE,
            StreamMark.PROPERTY); // the incoming one has its own, which its streams have set

    private final Zfs target;
    private final Instant now;
    private final Consumer<String> warnings;

    Swapping(Zfs target, Instant now, Consumer<String> warnings) {
        this.target = target;
        this.now = now;
        this.warnings = warnings;
    }

    /** A step that did not work out; thrown within this class only. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient ZfsFailure failure;

        Stopped(ZfsFailure failure) {
            super(failure.text());
            this.failure = failure;
        }
    }

    /** Carries it out from wherever it stands. */
    Optional<ZfsFailure> carryOut(TargetStep.Swap swap) {
        try {
            List<Dataset> seen =
                    ask(new ZfsCommand.ListDatasets(List.of(swap.target(), swap.incoming()), Scope.SUBTREE));
            Optional<Dataset> incoming = find(seen, swap.incoming());
            Optional<Dataset> old = find(seen, swap.target());
            if (incoming.isEmpty()) {
                return old.isPresent() && swap.goal().isEmpty()
                        ? Optional.empty()
                        : Optional.of(failure(swap, swap.incoming() + " is not there"));
            }
            if (old.isPresent()) {
                swap.goal().ifPresent(guid -> {
                    requireGoal(swap);
                    requireMovable(swap, seen);
                });
                setAside(swap, old.get(), incoming.get(), seen);
            }
            tell(new ZfsCommand.RenameDataset(swap.incoming(), swap.target()));
            tell(new ZfsCommand.InheritProperty(swap.target(), SetAside.SWAP));
            return Optional.empty();
        } catch (Stopped e) {
            return Optional.of(e.failure);
        }
    }

    /** The old copy gives way only to one that was seen to hold everything. */
    private void requireGoal(TargetStep.Swap swap) {
        History history = ask(new ZfsCommand.ListHistories(List.of(swap.incoming()), Scope.SELF))
                .getOrDefault(swap.incoming(), History.EMPTY);
        if (!history.holds(swap.goal().orElseThrow())) {
            throw new Stopped(failure(swap, swap.incoming() + " does not hold what it was to end in"));
        }
    }

    /** A plan knows that, except one of a single dataset, for which nobody has looked at what lies below. */
    private void requireMovable(TargetStep.Swap swap, List<Dataset> seen) {
        List<Dataset> below = seen.stream()
                .filter(d -> d.name().parent().equals(Optional.of(swap.target())))
                .toList();
        boolean encrypted = Stream.concat(
                        Stream.of(swap.target(), swap.incoming()).flatMap(name -> find(seen, name).stream()),
                        below.stream())
                .anyMatch(d -> d.encryption().isPresent());
        if (!below.isEmpty() && encrypted) {
            throw new Stopped(new ZfsFailure(
                    ZfsFailure.Kind.UNSUPPORTED,
                    swap.what(),
                    "datasets lie below " + swap.target()
                            + ", and a dataset that inherits its key can't be moved to another root"));
        }
    }

    private void setAside(TargetStep.Swap swap, Dataset old, Dataset incoming, List<Dataset> seen) {
        if (swap.goal().isPresent()) {
            carryProperties(old.name(), incoming.name());
        }
        tell(new ZfsCommand.SetProperties(
                incoming.name(), Map.of(SetAside.SWAP, SetAside.swap(incoming.guid(), old.guid()))));
        if (incoming.origin()
                .filter(origin -> origin.dataset().equals(old.name()))
                .isPresent()) {
            tell(new ZfsCommand.Promote(incoming.name()));
        }
        for (Dataset child : seen) {
            if (child.name().parent().equals(Optional.of(old.name()))) {
                tell(new ZfsCommand.RenameDataset(child.name(), child.name().rebase(old.name(), incoming.name())));
            }
        }
        tell(new ZfsCommand.SetProperties(
                old.name(), Map.of(SetAside.ASIDE, SetAside.aside(old.guid(), now.getEpochSecond()))));
        tell(new ZfsCommand.RenameDataset(old.name(), SetAside.aside(old.name(), old.guid())));
    }

    private void carryProperties(DatasetName from, DatasetName to) {
        Answer<Map<String, String>> answer = target.execute(new ZfsCommand.ListLocalProperties(from));
        Map<String, String> carried = new TreeMap<>();
        if (answer instanceof Answer.Done<Map<String, String>> done) {
            carried.putAll(done.value());
            carried.keySet().removeAll(NOT_CARRIED);
        }
        if (answer instanceof Answer.Failed<Map<String, String>>
                || target.execute(new ZfsCommand.SetProperties(to, carried)) instanceof Answer.Failed<?>) {
            warnings.accept("the properties that were set on " + from
                    + " could not all be carried over; compare: zfs get" + " -s local all");
        }
    }

    private <R> R ask(ZfsCommand<R> command) {
        Answer<R> answer = target.execute(command);
        if (answer instanceof Answer.Failed<R> failed) {
            throw new Stopped(failed.failure());
        }
        return answer.orThrow();
    }

    private void tell(ZfsCommand<?> command) {
        ask(command);
    }

    private static Optional<Dataset> find(List<Dataset> seen, DatasetName name) {
        return seen.stream().filter(d -> d.name().equals(name)).findFirst();
    }

    private static ZfsFailure failure(TargetStep.Swap swap, String text) {
        return new ZfsFailure(ZfsFailure.Kind.NO_SUCH_DATASET, swap.what(), text);
    }
}
