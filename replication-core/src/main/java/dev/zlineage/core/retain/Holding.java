// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.select.NameTime;
import dev.zlineage.core.select.NamingSchema;
import dev.zlineage.core.select.NamingSchemas.Read;
import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.core.zfs.History;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What one owner owns in one history: by place, when each was taken, by the word that counts for this owner. */
final class Holding {

    /**
     * When a snapshot was taken.
     *
     * @param instant the moment
     * @param wall what the clock on the wall showed
     * @param schema the schema that its name follows
     */
    record Taken(Instant instant, LocalDateTime wall, Optional<NamingSchema> schema) {}

    /** A snapshot of unknown age has an empty value. */
    final TreeMap<Integer, Optional<Taken>> owned = new TreeMap<>();

    /** The newest place of each schema, whether the owner owns that snapshot or its schedule leaves it out. */
    final Map<NamingSchema, Integer> newest = new HashMap<>();

    /** Why the owner can't tell what it owns; empty nearly always. */
    Optional<String> ambiguity = Optional.empty();

    private final ZoneId zone;

    private Holding(ZoneId zone) {
        this.zone = zone;
    }

    static Holding of(Owner owner, History history, ZoneId zone) {
        Holding holding = new Holding(zone);
        SnapshotSelection meant = owner.claim() instanceof Claim.Matching matching
                ? new SnapshotSelection.Matching(matching.regex())
                : new SnapshotSelection.All();
        holding.ambiguity = meant.obstacle(history);
        meant.in(history).stream().forEach(place -> holding.look(owner, history, place));
        return holding;
    }

    private void look(Owner owner, History history, int place) {
        String label = history.label(place);
        Optional<Taken> taken;
        if (owner.claim() instanceof Claim.Named named) {
            Read read = named.schemas().read(label);
            if (read instanceof Read.Ambiguous ambiguous) {
                ambiguity = Optional.of(ambiguous.why(label));
                return;
            }
            if (!(read instanceof Read.Named found)) {
                return;
            }
            taken = Optional.of(taken(found.schema(), found.time()));
            newest.put(found.schema(), place);
        } else {
            taken = history.creation(place) == 0 ? Optional.empty() : Optional.of(taken(history.creation(place)));
        }
        boolean onTime = owner.when().isEmpty()
                || taken.isPresent()
                        && owner.when().get().matches(taken.get().wall().truncatedTo(ChronoUnit.MINUTES));
        if (onTime) {
            owned.put(place, taken);
        }
    }

    private Taken taken(NamingSchema schema, NameTime time) {
        return new Taken(time.instant(zone), time.wallClock(zone), Optional.of(schema));
    }

    private Taken taken(long creation) {
        Instant instant = Instant.ofEpochSecond(creation);
        return new Taken(instant, LocalDateTime.ofInstant(instant, zone), Optional.empty());
    }
}
