// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.retain.Holding.Taken;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.SnapshotName;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** What an owner's policy says of the snapshots that it owns in one dataset. */
final class Judging {

    private final DatasetName dataset;
    private final History history;
    private final Instant now;
    private final ZoneId zone;
    private final List<Link> links;
    private final Map<String, Map<SnapshotName, String>> expiries;
    private final Map<Integer, List<Opinion>> opinions = new TreeMap<>();
    private Instant until = Instant.MAX;

    Judging(
            DatasetName dataset,
            History history,
            Instant now,
            ZoneId zone,
            List<Link> links,
            Map<String, Map<SnapshotName, String>> expiries) {
        this.dataset = dataset;
        this.history = history;
        this.now = now;
        this.zone = zone;
        this.links = links;
        this.expiries = expiries;
    }

    Map<Integer, List<Opinion>> opinions() {
        return opinions;
    }

    /** When the first of what is kept because it is young enough will not be any more. */
    Instant until() {
        return until;
    }

    void guard(int place, String by, String why) {
        say(place, Opinion.Stance.GUARDS, by, why);
    }

    void judge(Owner owner, Holding holding) {
        RetentionPolicy policy = owner.policy();
        if (policy instanceof RetentionPolicy.Never) {
            holding.owned.keySet().forEach(i -> say(i, true, owner, "it never lets go"));
        } else if (policy instanceof RetentionPolicy.KeepNewest newest) {
            newest(owner, newest.count(), holding);
        } else if (policy instanceof RetentionPolicy.Lifetimes lifetimes) {
            holding.owned.forEach((i, taken) -> lifetime(owner, lifetimes, i, taken));
        } else if (policy instanceof RetentionPolicy.Buckets buckets) {
            buckets(owner, buckets, holding);
        } else if (policy instanceof RetentionPolicy.ExpiryProperty expiry) {
            Map<SnapshotName, String> values = expiries.getOrDefault(expiry.property(), Map.of());
            holding.owned.keySet().forEach(i -> {
                String value = values.get(dataset.snapshot(history.label(i)));
                if (value != null) {
                    expiry(owner, expiry.property(), i, value);
                }
            });
        } else {
            sameAsSource(owner, holding);
        }
    }

    private void newest(Owner owner, int count, Holding holding) {
        int rank = 0;
        for (int i : holding.owned.descendingKeySet()) {
            rank++;
            say(i, rank <= count, owner, "number " + rank + " from the newest, of " + count + " to keep");
        }
    }

    private void lifetime(Owner owner, RetentionPolicy.Lifetimes policy, int place, Optional<Taken> taken) {
        if (taken.isEmpty()) {
            say(place, true, owner, "nobody knows when it was taken");
            return;
        }
        Instant from = taken.get().instant();
        LocalDateTime minute = taken.get().wall().truncatedTo(ChronoUnit.MINUTES);
        Lifetime longest = policy.scheduled().stream()
                .filter(s -> s.schedule().matches(minute))
                .map(RetentionPolicy.Scheduled::lifetime)
                .max((a, b) -> a.end(from, zone).compareTo(b.end(from, zone)))
                .orElse(policy.otherwise());
        until(owner, place, longest.end(from, zone), "its lifetime of " + longest);
    }

    private void until(Owner owner, int place, Instant end, String what) {
        boolean alive = end.isAfter(now);
        until = alive && end.isBefore(until) ? end : until;
        String moment = end.equals(Instant.MAX) ? "for ever" : (alive ? "until " : "was over ") + end.atZone(zone);
        say(place, alive, owner, what + (alive ? " lasts " : " ") + moment);
    }

    private void expiry(Owner owner, String property, int place, String value) {
        Optional<Instant> date = date(value);
        if (date.isEmpty()) {
            say(place, true, owner, property + " is '" + value + "', which is no date");
        } else {
            until(owner, place, date.get(), "the term in " + property);
        }
    }

    private Optional<Instant> date(String value) {
        List<Function<String, Instant>> forms = List.of(
                text -> Instant.ofEpochSecond(Long.parseLong(text)),
                text -> OffsetDateTime.parse(text).toInstant(),
                text -> LocalDateTime.parse(text).atZone(zone).toInstant(),
                text -> LocalDate.parse(text).atStartOfDay(zone).toInstant());
        for (Function<String, Instant> form : forms) {
            try {
                return Optional.of(form.apply(value));
            } catch (DateTimeException | NumberFormatException e) {
                // perhaps of the next form
            }
        }
        return Optional.empty();
    }

    private record Rule(String period, int count, Function<LocalDateTime, Object> bucket) {}

    private void buckets(Owner owner, RetentionPolicy.Buckets policy, Holding holding) {
        List<Rule> rules = List.of(
                new Rule("hour", policy.hourly(), t -> t.truncatedTo(ChronoUnit.HOURS)),
                new Rule("day", policy.daily(), LocalDateTime::toLocalDate),
                new Rule(
                        "week",
                        policy.weekly(),
                        t -> t.get(IsoFields.WEEK_BASED_YEAR) * 100 + t.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)),
                new Rule("month", policy.monthly(), t -> t.toLocalDate().withDayOfMonth(1)),
                new Rule("year", policy.yearly(), LocalDateTime::getYear));
        Map<Integer, List<String>> kept = new TreeMap<>();
        holding.owned.descendingKeySet().stream()
                .limit(policy.latest())
                .forEach(place ->
                        kept.computeIfAbsent(place, p -> new ArrayList<>()).add("latest " + policy.latest()));
        for (Rule rule : rules) {
            Set<Object> seen = new HashSet<>();
            holding.owned
                    .descendingMap()
                    .forEach((place, taken) -> taken.ifPresent(t -> {
                        if (seen.size() < rule.count() && seen.add(rule.bucket().apply(t.wall()))) {
                            kept.computeIfAbsent(place, p -> new ArrayList<>()).add("newest of its " + rule.period());
                        }
                    }));
        }
        holding.owned.forEach((place, taken) -> {
            List<String> periods = kept.getOrDefault(place, List.of());
            if (taken.isEmpty()) {
                say(place, true, owner, "nobody knows when it was taken");
            } else if (periods.isEmpty()) {
                say(place, false, owner, "it is the newest of no period to keep");
            } else {
                say(place, true, owner, "the " + String.join(", the ", periods));
            }
        });
    }

    /** Only what is older than the base can have been destroyed on the source; without a base a guard speaks for all. */
    private void sameAsSource(Owner owner, Holding holding) {
        for (Link link : links) {
            if (link.task().equals(owner.name())
                    && link.role() == Link.Role.RECEIVES
                    && link.sight() instanceof Link.Sight.Seen seen) {
                int base = Guards.base(history, link.role(), seen.history());
                Set<Long> there = Guards.snapshotGuids(seen.history());
                for (int i : holding.owned.keySet()) {
                    if (there.contains(history.guidBits(i))) {
                        say(i, true, owner, "the source has it");
                    } else if (i > base) {
                        say(
                                i,
                                true,
                                owner,
                                "it is newer than what both sides have, so the source never had it, or was"
                                        + " rolled back");
                    } else {
                        say(i, false, owner, "the source does not have it any more");
                    }
                }
                return;
            }
        }
        holding.owned.keySet().forEach(i -> say(i, true, owner, "the source was not seen"));
    }

    private void say(int place, boolean keeps, Owner owner, String why) {
        say(place, keeps ? Opinion.Stance.KEEPS : Opinion.Stance.RELEASES, owner.name(), why);
    }

    private void say(int place, Opinion.Stance stance, String by, String why) {
        opinions.computeIfAbsent(place, p -> new ArrayList<>()).add(new Opinion(stance, by, why));
    }
}
