// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.select.NamingSchemas;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Owners, histories and replications made up by chance, against what has to hold whatever they are. */
class RetentionByChanceTest {

    private static final DatasetName DATA = DatasetName.of("tank/data");
    private static final LocalDateTime BEGIN = LocalDateTime.of(2026, 1, 1, 0, 0);
    private static final Instant NOW = BEGIN.plusHours(200).toInstant(ZoneOffset.UTC);

    private record Made(String label, int hour) {}

    private final long seed = Long.getLong("zlineage.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void holdsWhateverIsAsked() {
        for (int round = 0; round < 3000; round++) {
            once("seed " + seed + ", round " + round);
        }
    }

    private void once(String what) {
        List<Made> made = new ArrayList<>();
        TreeSet<Integer> hours = new TreeSet<>();
        int count = 1 + random.nextInt(12);
        while (hours.size() < count) {
            hours.add(random.nextInt(199));
        }
        for (int hour : hours) {
            LocalDateTime time = BEGIN.plusHours(hour);
            String[] names = {"a-%tY-%<tm-%<td_%<tH-%<tM", "b-%tY-%<tm-%<td_%<tH-%<tM", "own-%ts"};
            made.add(new Made(String.format(names[random.nextInt(3)], time.atZone(ZoneOffset.UTC)), hour));
        }
        History here = history(made);
        List<Link> links = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            List<Made> some = made.stream().filter(m -> random.nextInt(3) == 0).toList();
            links.add(new Link(
                    "task" + i,
                    DATA,
                    random.nextBoolean() ? Link.Role.SENDS : Link.Role.RECEIVES,
                    DATA,
                    random.nextInt(8) == 0 ? new Link.Sight.Absent() : new Link.Sight.Seen(history(some)),
                    Optional.empty()));
        }
        List<Owner> owners = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            owners.add(owner(i));
        }

        Set<String> gone = gone(owners, here, links);

        assertThat(gone).as(what).isEqualTo(expected(owners, made, links));
        Owner keeper = new Owner("keeper", d -> true, new Claim.Matching(".*[0-4]"), new RetentionPolicy.Never());
        assertThat(gone).as(what + ": monotone").containsAll(gone(with(owners, keeper), here, links));
        List<Made> rest = made.stream().filter(m -> !gone.contains(m.label())).toList();
        assertThat(gone(owners, history(rest), links)).as(what + ": idempotent").isEmpty();
        owners.add(new Owner("all", d -> true, new Claim.All(), new RetentionPolicy.Never()));
        assertThat(gone(owners, here, links)).as(what + ": all kept").isEmpty();
    }

    private static List<Owner> with(List<Owner> owners, Owner another) {
        List<Owner> more = new ArrayList<>(owners);
        more.add(another);
        return more;
    }

    private Owner owner(int number) {
        Claim claim = switch (random.nextInt(4)) {
            case 0 -> new Claim.Named(NamingSchemas.strict("a-%Y-%m-%d_%H-%M"));
            case 1 -> new Claim.Named(NamingSchemas.strict("a-%Y-%m-%d_%H-%M", "b-%Y-%m-%d_%H-%M"));
            case 2 -> new Claim.Matching("[ab].*");
            default -> new Claim.All();
        };
        RetentionPolicy policy = switch (random.nextInt(3)) {
            case 0 -> new RetentionPolicy.KeepNewest(1 + random.nextInt(5));
            case 1 -> new RetentionPolicy.Lifetimes(Lifetime.parse("PT" + (1 + random.nextInt(200)) + "H"));
            default -> new RetentionPolicy.Never();
        };
        return new Owner("owner" + number, random.nextInt(6) > 0, d -> true, claim, Optional.empty(), policy);
    }

    private static History history(List<Made> made) {
        History.Builder builder = new History.Builder();
        for (Made m : made) {
            long time = BEGIN.plusHours(m.hour()).toEpochSecond(ZoneOffset.UTC);
            builder.add(false, m.label(), 1000 + m.hour(), 10 + m.hour(), time);
        }
        return builder.build();
    }

    private static Set<String> gone(List<Owner> owners, History here, List<Link> links) {
        RetentionPlan plan = RetentionPlanner.plan(
                new RetentionRequest(owners, NOW, ZoneOffset.UTC).withMaximumShare(1),
                new RetentionView("nas", Map.of(DATA, here), links, Map.of()));
        Set<String> gone = new HashSet<>();
        plan.datasets().forEach(d -> d.destroys().stream().map(Snapshot::label).forEach(gone::add));
        return gone;
    }

    /** The same in another way: from the definition, one snapshot at a time. */
    private static Set<String> expected(List<Owner> owners, List<Made> made, List<Link> links) {
        Set<String> gone = new HashSet<>();
        Set<String> pinned = new HashSet<>();
        pinned.add(made.get(made.size() - 1).label());
        for (String prefix : List.of("a-", "b-")) {
            boolean named = owners.stream()
                    .anyMatch(o -> o.enabled()
                            && o.claim() instanceof Claim.Named n
                            && n.schemas().toString().contains(prefix));
            made.stream()
                    .filter(m -> named && m.label().startsWith(prefix))
                    .reduce((one, other) -> other)
                    .ifPresent(m -> pinned.add(m.label()));
        }
        for (Link link : links) {
            if (!(link.sight() instanceof Link.Sight.Seen seen)) {
                if (link.role() == Link.Role.RECEIVES) {
                    return gone;
                }
                continue;
            }
            Optional<Made> base = made.stream()
                    .filter(m -> seen.history().snapshot(m.label()).isPresent())
                    .reduce((one, other) -> other);
            if (base.isEmpty() && link.role() == Link.Role.RECEIVES) {
                return gone;
            }
            base.ifPresent(m -> pinned.add(m.label()));
        }
        for (Made m : made) {
            boolean wanted = false;
            boolean kept = pinned.contains(m.label());
            for (Owner owner : owners) {
                if (owner.enabled() && owns(owner, m.label())) {
                    boolean keeps = keeps(owner, m, made);
                    wanted |= !keeps;
                    kept |= keeps;
                }
            }
            if (wanted && !kept) {
                gone.add(m.label());
            }
        }
        return gone;
    }

    private static boolean owns(Owner owner, String label) {
        if (owner.claim() instanceof Claim.Named named) {
            return label.startsWith("a-")
                    || label.startsWith("b-") && named.schemas().schemas().size() == 2;
        }
        return owner.claim() instanceof Claim.All || !label.startsWith("own");
    }

    private static boolean keeps(Owner owner, Made m, List<Made> made) {
        if (owner.policy() instanceof RetentionPolicy.KeepNewest newest) {
            return made.stream()
                            .filter(o -> owns(owner, o.label()) && o.hour() > m.hour())
                            .count()
                    < newest.count();
        }
        if (owner.policy() instanceof RetentionPolicy.Lifetimes lifetimes) {
            return 200 - m.hour() < lifetimes.otherwise().exact().toHours();
        }
        return true;
    }
}
