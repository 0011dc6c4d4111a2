// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.PropertyChoice;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.select.StreamForm;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What targets are given beside their snapshots: properties, and readonly. */
abstract class Belongings extends Scene {

    private static final String NOTE = "dev.zlineage.test:note";

    private static ReplicationRequest.Builder with(ReplicationRequest.Builder request) {
        return request.properties(PropertyChoice.ALL);
    }

    @Test
    @DisplayName("a tree takes its properties along, and none that would make a copy act in the source's place")
    void tree() {
        DatasetName volume = source.child("volume");
        run(new ZfsCommand.CreateVolume(volume, 8L << 20, Map.of("volmode", "dev", "compression", "gzip")));
        run(new ZfsCommand.SetProperties(
                source,
                Map.of(
                        "readonly",
                        "off",
                        "mountpoint",
                        "/dev-zlineage-test/" + source.value(),
                        "compression",
                        "gzip",
                        "atime",
                        "off",
                        "quota",
                        "200M",
                        NOTE,
                        "1")));
        world().write(source, "file", "one");
        snapAll("one");

        ReplicationPlan plan = succeed(b -> b.recursive(true)
                .properties(new PropertyChoice(true, Set.of("quota"), Map.of("atime", "on", NOTE + "d", "x=y"))));

        assertThat(plan.toString()).contains("without mountpoint, quota, sharenfs, sharesmb");
        same();
        assertThat(dataset(target).readonly()).isTrue();
        assertThat(value(target, "compression")).isEqualTo("gzip");
        assertThat(value(target, "atime")).isEqualTo("on");
        assertThat(value(target, "quota")).isEqualTo("0");
        assertThat(value(target, "mountpoint")).isEqualTo("/" + target);
        assertThat(value(target, NOTE)).isEqualTo("1");
        assertThat(value(target, NOTE + "d")).isEqualTo("x=y");
        DatasetName copy = target.child("volume");
        assertThat(value(copy, "volmode")).isEqualTo("none");
        assertThat(value(copy, "compression")).isEqualTo("gzip");
        assertThat(value(copy, NOTE + "d")).isEqualTo("x=y");

        property(source, NOTE, "2");
        property(source, "compression", "zstd");
        change(source, "two");
        snap(volume, "two");
        succeed(b -> with(b.recursive(true)));
        same();
        assertThat(dataset(target).readonly()).isTrue();
        assertThat(value(target, NOTE)).isEqualTo("2");
        assertThat(value(target, "compression")).isEqualTo("zstd");
        assertThat(value(target, "mountpoint")).isEqualTo("/" + target);
        assertThat(value(copy, "volmode")).isEqualTo("none");
    }

    @Test
    @DisplayName(
            "a replica that inherits readonly stays so, and a cascade passes on what it received, but no marks of ours")
    void cascade() {
        run(new ZfsCommand.SetProperties(source, Map.of("readonly", "off", NOTE, "1", SetAside.SWAP, "1 2 3")));
        change(source, "one");
        succeed(b -> with(b.readonly(ReadonlyPolicy.IGNORE)));
        assertThat(dataset(target).readonly()).isFalse();
        property(target.parent().orElseThrow(), "readonly", "on");
        run(new ZfsCommand.InheritProperty(target, "readonly"));
        change(source, "two");
        succeed(Belongings::with);
        assertThat(dataset(target).readonly()).isTrue();
        assertThat(value(target, SetAside.SWAP)).isEqualTo("-");

        DatasetName third = own(world().sandbox()).child("third");
        ReplicationResult onward = replicate(target, third, Belongings::with);
        assertThat(onward.success()).as("%s", onward).isTrue();
        assertThat(value(third, NOTE)).isEqualTo("1");
        assertThat(dataset(third).readonly()).isTrue();
        same(source, third);
    }

    @Test
    @DisplayName("an encrypted source goes with its properties raw; where its target lies in the clear, it is refused")
    void encrypted() {
        DatasetName secret = source.child("secret");
        world().createEncrypted(secret, "correct horse");
        property(secret, NOTE, "1");
        change(secret, "one");
        DatasetName clear = target.parent().orElseThrow().child("clear");
        byHand(full(secret.snapshot("one")), clear);

        ReplicationResult first = replicate(secret, target, Belongings::with);
        assertThat(first.success()).as("%s", first).isTrue();
        property(secret, NOTE, "2");
        change(secret, "two");
        ReplicationResult second = replicate(secret, target, Belongings::with);
        assertThat(second.success()).as("%s", second).isTrue();

        assertThat(value(target, NOTE)).isEqualTo("2");
        assertThat(dataset(target).encryption().orElseThrow().root()).isEqualTo(target);
        assertThat(guids(target)).isEqualTo(guids(secret));
        ReplicationResult refused = replicate(secret, clear, Belongings::with);
        assertThat(refused.datasets().get(0).outcome())
                .as("%s", refused)
                .isInstanceOfSatisfying(
                        DatasetResult.Outcome.Refused.class,
                        r -> assertThat(r.refusal().reason()).isEqualTo(Decision.Reason.PROPERTIES_OF_ENCRYPTED));
        assertThat(labels(clear)).containsExactly("one");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName(
            "what is received below an encrypted dataset is encrypted, with properties and with embedded blocks too")
    void intoEncrypted() {
        DatasetName vault = target.parent().orElseThrow().child("vault");
        world().createEncrypted(vault, "correct horse");
        property(source, NOTE, "1");
        change(source, "one");
        UnaryOperator<ReplicationRequest.Builder> how = b -> with(b.form(new StreamForm(true, false, true)));

        ReplicationResult first = replicate(source, vault.child("copy"), how);
        assertThat(first.success()).as("%s", first).isTrue();
        change(source, "two");
        ReplicationResult second = replicate(source, vault.child("copy"), how);
        assertThat(second.success()).as("%s", second).isTrue();

        assertThat(dataset(vault.child("copy")).encryption().orElseThrow().root())
                .isEqualTo(vault);
        assertThat(value(vault.child("copy"), NOTE)).isEqualTo("1");
        same(source, vault.child("copy"));
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a stream that is carried on has no properties: the plan says so, and the next increment has them")
    void cut() {
        property(source, NOTE, "1");
        change(source, "one");
        succeed(Belongings::with);
        property(source, NOTE, "2");
        world().fill(source, "large", 1024);
        SnapshotName two = snap(source, "two");
        interrupted(new SendStream.Increment(source.snapshot("one"), two, StreamMode.DEFAULT.withProperties()), target);

        ReplicationPlan plan = succeed(Belongings::with);

        assertThat(plan.warnings()).singleElement().asString().contains("arrive with its next increment");
        assertThat(labels(target)).containsExactly("one", "two");
        assertThat(value(target, NOTE)).isEqualTo("1");
        change(source, "three");
        assertThat(succeed(Belongings::with).warnings()).isEmpty();
        assertThat(value(target, NOTE)).isEqualTo("2");
        same();
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName(
            "a target is set aside and replaced with properties asked for, which come after the stream into the clone")
    void setAside() {
        change(source, "one");
        succeed(Belongings::with);
        meddle(target);
        property(source, NOTE, "1");
        change(source, "two");
        snap(source, "left-out");
        change(source, "three");
        succeed(b -> with(b.onDivergence(DivergencePolicy.SET_ASIDE)).snapshotsMatching("two|three"));
        assertThat(labels(target)).containsExactly("one", "two", "three");
        assertThat(value(target, NOTE)).isEqualTo("1");
        assertThat(dataset(target).readonly()).isTrue();
        same(source, target, "three");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a writable target is made read-only and goes on, is refused, or is left")
    void readonly() {
        change(source, "one");
        byHand(full(source.snapshot("one")), target);
        change(source, "two");
        refused(Decision.Reason.TARGET_WRITABLE, b -> b.readonly(ReadonlyPolicy.REQUIRE));
        succeed(b -> b.readonly(ReadonlyPolicy.IGNORE));
        assertThat(dataset(target).readonly()).isFalse();

        ReplicationPlan plan = succeed();
        assertThat(plan.toString()).contains("make " + target + " read-only").contains("destroyed: nothing");
        assertThat(dataset(target).readonly()).isTrue();
        assertThat(plan(b -> b).hasWork()).isFalse();
        change(source, "three");
        succeed(b -> b.readonly(ReadonlyPolicy.REQUIRE));
        same();
    }
}
