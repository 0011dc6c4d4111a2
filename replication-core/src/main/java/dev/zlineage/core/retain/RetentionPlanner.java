// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.retain.LeftAlone.Reason;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Decides which snapshots are destroyed: a pure function of a request and of what was seen. */
public final class RetentionPlanner {

    private RetentionPlanner() {}

    /**
     * Makes a plan.
     *
     * @param request what is asked for
     * @param view what was seen of the host
     * @return what is to become of each snapshot of the datasets that an enabled owner covers
     */
    public static RetentionPlan plan(RetentionRequest request, RetentionView view) {
        Map<DatasetName, List<Link>> links = view.links().stream().collect(Collectors.groupingBy(Link::here));
        List<DatasetRetention> judged = new ArrayList<>();
        Instant until = readsProperties(request) ? request.now() : Instant.MAX;
        for (DatasetName name : new TreeSet<>(view.histories().keySet())) {
            List<Owner> owners = owners(request, name);
            if (!owners.isEmpty()) {
                History history = view.histories().getOrDefault(name, History.EMPTY);
                Judged dataset = dataset(request, view, name, history, owners, links.getOrDefault(name, List.of()));
                judged.add(dataset.retention());
                until = dataset.until().isBefore(until) ? dataset.until() : until;
            }
        }
        return new RetentionPlan(view.host(), request.now(), limited(judged, request.maximumShare()), until);
    }

    /** A user property of a snapshot that is set leaves no trace in its dataset. */
    private static boolean readsProperties(RetentionRequest request) {
        return request.owners().stream()
                .anyMatch(owner -> owner.enabled() && owner.policy() instanceof RetentionPolicy.ExpiryProperty);
    }

    static List<Owner> owners(RetentionRequest request, DatasetName name) {
        return request.owners().stream()
                .filter(owner -> owner.enabled() && owner.covers().test(name))
                .toList();
    }

    /** What is to become of a dataset's snapshots, and until when at least as long as they are the same. */
    record Judged(DatasetRetention retention, Instant until) {}

    static Judged dataset(
            RetentionRequest request,
            RetentionView view,
            DatasetName name,
            History history,
            List<Owner> owners,
            List<Link> links) {
        Judging judging = new Judging(name, history, request.now(), request.zone(), links, view.expiries());
        Optional<LeftAlone> alone = Guards.alone(name, history, links, request.beforeSending());
        Map<Integer, Instant> named = new HashMap<>();
        for (Owner owner : owners) {
            Holding holding = Holding.of(owner, history, request.zone());
            judging.judge(owner, holding);
            holding.newest.forEach((schema, place) -> judging.guard(place, "newest", "the newest named " + schema));
            Optional<String> ambiguity = holding.ambiguity.or(() -> clash(history, holding, named));
            if (ambiguity.isPresent() && alone.isEmpty()) {
                alone = Optional.of(new LeftAlone(
                        Reason.AMBIGUOUS_NAME, ambiguity.get(), "rename that snapshot, or change one of the schemas"));
            }
        }
        Guards.pin(judging, history, links);
        List<SnapshotFate> fates = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            if (!history.isBookmark(i)) {
                fates.add(new SnapshotFate(
                        (Snapshot) history.point(i), judging.opinions().getOrDefault(i, List.of())));
            }
        }
        return new Judged(new DatasetRetention(name, fates, alone), judging.until());
    }

    /** Two owners that read two times from one label. */
    private static Optional<String> clash(History history, Holding holding, Map<Integer, Instant> named) {
        for (Map.Entry<Integer, Optional<Holding.Taken>> owned : holding.owned.entrySet()) {
            Optional<Holding.Taken> taken =
                    owned.getValue().filter(t -> t.schema().isPresent());
            if (taken.isPresent()) {
                Instant other = named.putIfAbsent(owned.getKey(), taken.get().instant());
                if (other != null && !other.equals(taken.get().instant())) {
                    return Optional.of("the schemas of two owners read two times from @"
                            + history.label(owned.getKey()) + ": " + other + " and "
                            + taken.get().instant());
                }
            }
        }
        return Optional.empty();
    }

    private static List<DatasetRetention> limited(List<DatasetRetention> judged, double share) {
        int all = judged.stream().mapToInt(d -> d.snapshots().size()).sum();
        int going = judged.stream().mapToInt(d -> d.destroys().size()).sum();
        boolean tooMany = going > share * all;
        return judged.stream()
                .map(d -> {
                    int own = d.destroys().size();
                    if (own > 0 && tooMany) {
                        return d.leftAlone(tooMany("of all datasets together", going, all, share));
                    }
                    return own > share * d.snapshots().size()
                            ? d.leftAlone(tooMany(
                                    "of this dataset", own, d.snapshots().size(), share))
                            : d;
                })
                .toList();
    }

    private static LeftAlone tooMany(String of, int going, int all, double share) {
        return new LeftAlone(
                Reason.TOO_MANY,
                going + " of the " + all + " snapshots " + of + " would be destroyed at once, more than maximumShare="
                        + share + " allows",
                "if that is meant, consent to it once with maximumShare="
                        + String.format(Locale.ROOT, "%.2f", Math.min(1, Math.ceil(100.0 * going / all) / 100)));
    }
}
