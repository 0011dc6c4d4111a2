// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.PoolFeature;
import dev.zlineage.core.zfs.StreamMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Compares first streams with the features of the target's pool: where one is bound to be refused, because it is raw, the dataset
 * is refused before; where one may be, because the source's pool uses what the target's lacks, that is said. Which dataset uses
 * a feature OpenZFS does not tell.
 */
public final class Features {

    /** What a stream may need, and when. */
    private record Needed(String feature, Predicate<StreamMode> by, String without) {}

    private static final String ENCRYPTION = "encryption";

    private static final List<Needed> MAYBE = List.of(
            new Needed("large_blocks", StreamMode::largeBlocks, ", or have them split (--no-large-blocks)"),
            new Needed("lz4_compress", StreamMode::compressed, ", or have blocks sent expanded (--no-compressed)"),
            new Needed("zstd_compress", StreamMode::compressed, ", or have blocks sent expanded (--no-compressed)"),
            new Needed("embedded_data", StreamMode::embedded, ", or leave --embedded out"),
            new Needed("large_dnode", mode -> true, ""),
            new Needed("large_microzap", mode -> true, ""),
            new Needed("longname", mode -> true, ""));

    private final ReplicationPlan plan;
    private final Map<String, PoolFeature> target;

    private Features(ReplicationPlan plan, Map<String, PoolFeature> target) {
        this.plan = plan;
        this.target = target;
    }

    /**
     * Whether the target's pool is worth a question: what was received once fits.
     *
     * @param plan what is to be done
     * @return true if something is sent in full
     */
    public static boolean matter(ReplicationPlan plan) {
        return plan.datasets().stream().anyMatch(DatasetPlan::begins);
    }

    /**
     * Whether the source's pool is worth a question too.
     *
     * @param target what the target's pool knows
     * @return true if it lacks something that a stream may need
     */
    public static boolean lacking(Map<String, PoolFeature> target) {
        return MAYBE.stream().anyMatch(needed -> lacks(target, needed.feature()));
    }

    /**
     * The plan without what is bound to be refused.
     *
     * @param plan what is to be done
     * @param source what the source's pool knows
     * @param target what the target's pool knows
     * @return the plan itself where nothing is missing
     */
    public static ReplicationPlan check(
            ReplicationPlan plan, Map<String, PoolFeature> source, Map<String, PoolFeature> target) {
        return new Features(plan, target).check(source);
    }

    private ReplicationPlan check(Map<String, PoolFeature> source) {
        List<DatasetPlan> datasets = lacks(target, ENCRYPTION) ? unencrypted() : plan.datasets();
        List<String> warnings = new ArrayList<>(plan.warnings());
        for (Needed needed : MAYBE) {
            if (source.get(needed.feature()) == PoolFeature.ACTIVE
                    && lacks(target, needed.feature())
                    && sent(datasets, needed)) {
                warnings.add(lack(needed.feature()) + ", and "
                        + plan.request().source().pool()
                        + " uses it: a stream with such blocks is refused ("
                        + enable(needed.feature()) + needed.without() + ")");
            }
        }
        return plan.with(datasets, warnings);
    }

    private List<DatasetPlan> unencrypted() {
        List<DatasetPlan> datasets = new ArrayList<>();
        Set<DatasetName> refused = new HashSet<>();
        for (DatasetPlan dataset : plan.datasets()) {
            Optional<Decision> no = dataset.target().ancestors().stream()
                    .filter(above -> dataset.begins() && refused.contains(above))
                    .findFirst()
                    .<Decision>map(Refusals::parent)
                    .or(() -> encrypts(dataset) ? Optional.of(refusal()) : Optional.empty());
            if (no.isPresent()) {
                refused.add(dataset.target());
            }
            datasets.add(no.map(dataset::refused).orElse(dataset));
        }
        return datasets;
    }

    private static boolean lacks(Map<String, PoolFeature> pool, String feature) {
        return pool.getOrDefault(feature, PoolFeature.DISABLED) == PoolFeature.DISABLED;
    }

    private static boolean sent(List<DatasetPlan> datasets, Needed needed) {
        return datasets.stream()
                .filter(DatasetPlan::begins)
                .flatMap(dataset -> dataset.streams().stream())
                .flatMap(stream -> stream.send().form().stream())
                .anyMatch(needed.by());
    }

    /** What arrives as it is encrypted, or gets a key of its own. */
    private static boolean encrypts(DatasetPlan dataset) {
        return dataset.begins()
                && (dataset.streams().stream()
                                .flatMap(stream -> stream.send().form().stream())
                                .anyMatch(StreamMode::raw)
                        || dataset.streams().get(0).receive().set().containsKey("keyformat"));
    }

    private Decision refusal() {
        return Refusals.refuse(
                Decision.Reason.FEATURE_MISSING,
                lack(ENCRYPTION) + ", so that nothing that is encrypted can be received",
                enable(ENCRYPTION) + ", or choose another target");
    }

    private String lack(String feature) {
        String pool = plan.request().target().pool() + " of " + plan.targetHost();
        return Optional.ofNullable(target.get(feature))
                .map(disabled -> "the pool " + pool + " has the feature " + feature + " disabled")
                .orElse("the OpenZFS of the pool " + pool + " does not know the feature " + feature);
    }

    private String enable(String feature) {
        return target.containsKey(feature)
                ? "zpool set feature@" + feature + "=enabled "
                        + plan.request().target().pool()
                : "update OpenZFS there";
    }
}
