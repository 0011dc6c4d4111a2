// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Datasets that share a key: an encryption root and what inherits from it. Received raw, each becomes a root of its own; where that
 * is asked for and both keys are loaded, it takes part in the encryption above it again. Nothing that was written counts as
 * changed by that, and raw increments go on.
 *
 * <p>Those that share a key on the target have to be sent together once it was changed on the source: each stream brings the
 * dataset's own key wrapped by the new one, and until that of the root has arrived too, either can't be opened.
 */
final class KeyGroups {

    private static final int NAMED = 3;

    private final ReplicationRequest request;
    private final HostView target;

    /** What shares the key of which root on the target, once the plan so far was run. */
    private final Map<DatasetName, DatasetName> roots = new HashMap<>();

    private final Map<DatasetName, Set<DatasetName>> waiting = new TreeMap<>();
    private final Set<DatasetName> sent = new HashSet<>();
    private final Set<DatasetName> current = new HashSet<>();
    private final Set<DatasetName> members = new TreeSet<>();

    KeyGroups(ReplicationRequest request, HostView target) {
        this.request = request;
        this.target = target;
        target.datasets().values().forEach(each -> each.encryption().ifPresent(e -> roots.put(each.name(), e.root())));
    }

    /** The plan of a dataset, with what lets it share the key of its root. Parents come before children. */
    DatasetPlan joining(Dataset from, DatasetPlan plan) {
        Optional<DatasetName> root = root(from);
        if (root.isEmpty() || !(request.encryption() instanceof EncryptionChoice.AsItComes how)) {
            return plan;
        }
        members.add(plan.target());
        if (plan.decision() instanceof Decision.Refuse || plan.decision() instanceof Decision.Skip) {
            return plan;
        }
        DatasetName to = plan.target();
        current.add(to);
        if (plan.sends()) {
            sent.add(root.get());
        }
        boolean alone = !to.equals(root.get()) && roots.getOrDefault(to, to).equals(to);
        if (!how.keepRoots() || !alone) {
            return plan;
        }
        if (!ready(plan, root.get())) {
            waiting.computeIfAbsent(root.get(), r -> new TreeSet<>()).add(to);
            return plan;
        }
        roots.put(to, root.get());
        return plan.followedBy(new TargetStep.InheritKey(to, root.get()));
    }

    /** Where the key of a dataset would be on the target, if it were as on the source: at the topmost that is sent, at the least. */
    private Optional<DatasetName> root(Dataset from) {
        return from.encryption()
                .map(e -> request.source().contains(e.root()) ? e.root() : request.source())
                .map(root -> root.rebase(request.source(), request.target()));
    }

    private boolean ready(DatasetPlan plan, DatasetName root) {
        DatasetName to = plan.target();
        return open(to, to)
                && open(root, root)
                && to.parent().map(roots::get).filter(root::equals).isPresent()
                && target.history(to).newestSnapshot().isPresent()
                && plan.after().stream().noneMatch(TargetStep.Swap.class::isInstance);
    }

    private boolean open(DatasetName name, DatasetName root) {
        return target.dataset(name)
                .flatMap(Dataset::encryption)
                .filter(e -> e.keyLoaded() && e.root().equals(root))
                .isPresent();
    }

    /** The targets that have their key in common with another one, once the plan was run, with the root of it. */
    Map<DatasetName, DatasetName> shared() {
        Map<DatasetName, List<DatasetName>> byRoot =
                members.stream().collect(Collectors.groupingBy(member -> roots.getOrDefault(member, member)));
        Map<DatasetName, DatasetName> shared = new HashMap<>();
        byRoot.forEach((root, sharing) -> {
            if (sharing.size() > 1 && request.target().contains(root)) {
                sharing.forEach(member -> shared.put(member, root));
            }
        });
        return shared;
    }

    /** What of the groups can't be as it was asked for, or has to be known. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        waiting.forEach((root, alone) -> warnings.add(named(alone) + (alone.size() == 1 ? " is" : " are")
                + " encrypted apart from " + root + " on the target until a run finds their keys and that of " + root
                + " loaded there (zfs load-key -r " + root + ")"));
        Map<DatasetName, Set<DatasetName>> left = new TreeMap<>();
        roots.forEach((name, root) -> {
            if (sent.contains(root)
                    && !current.contains(name)
                    && request.target().contains(name)) {
                left.computeIfAbsent(root, r -> new TreeSet<>()).add(name);
            }
        });
        left.forEach(
                (root, rest) -> warnings.add(
                        named(rest) + (rest.size() == 1 ? " shares" : " share") + " the key of "
                                + root + " and " + (rest.size() == 1 ? "is" : "are")
                                + " not sent: after zfs change-key on the source, it takes all of them to open what was sent since"));
        return warnings;
    }

    private static String named(Set<DatasetName> names) {
        List<String> first = names.stream().limit(NAMED).map(DatasetName::value).toList();
        return String.join(", ", first) + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
    }
}
