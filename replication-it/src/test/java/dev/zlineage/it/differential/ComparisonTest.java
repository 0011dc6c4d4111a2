// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.TokenContents;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.it.differential.Comparison.Divergence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That the comparison finds what it is for, shown by fakes with one mistake each. */
@DisplayName("a comparison by chance")
class ComparisonTest {

    private static final int PROGRAMS = 400;
    private static final int STEPS = 40;

    /** A mistake, and the most steps that a program showing it may have after it was made shorter. */
    record Mistake(String name, UnaryOperator<Zfs> disguise, int steps) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Mistake> mistakes() {
        return Stream.of(
                answering(
                        "a held snapshot is called busy",
                        5,
                        (command, answer) -> answer instanceof Answer.Failed<?> failed
                                        && failed.failure().kind() == ZfsFailure.Kind.HELD
                                ? new Answer.Failed<>(new ZfsFailure(ZfsFailure.Kind.BUSY, "?", "busy"))
                                : answer),
                doing(
                        "a hold is lost",
                        4,
                        command -> command instanceof ZfsCommand.Hold hold
                                ? new ZfsCommand.Hold(hold.tag(), List.of())
                                : command),
                doing(
                        "a rollback takes newer snapshots with it unasked",
                        5,
                        command -> command instanceof ZfsCommand.Rollback rollback
                                ? new ZfsCommand.Rollback(rollback.snapshot(), true)
                                : command),
                doing(
                        "a snapshot of a subtree leaves out what is below",
                        4,
                        command -> command instanceof ZfsCommand.TakeSnapshots take
                                ? new ZfsCommand.TakeSnapshots(take.names(), Scope.SELF, take.userProperties())
                                : command),
                answering(
                        "the oldest snapshot is the newest",
                        4,
                        (command, answer) -> command instanceof ZfsCommand.ListHistories ? turned(answer) : answer),
                answering(
                        "a token is of another snapshot",
                        6,
                        (command, answer) ->
                                answer instanceof Answer.Done<?> done && done.value() instanceof TokenContents token
                                        ? new Answer.Done<>(new TokenContents(
                                                token.toName(), new Guid(1), token.from(), token.bytes(), token.raw()))
                                        : answer),
                answering(
                        "what was written is not noticed",
                        4,
                        (command, answer) -> command instanceof ZfsCommand.ListDatasets ? unwritten(answer) : answer),
                answering(
                        "an inherited property counts as set",
                        2,
                        (command, answer) -> command instanceof ZfsCommand.GetProperties ? local(answer) : answer),
                receiving(
                        "what is cut is not kept",
                        4,
                        stream -> new ReceiveStream(
                                stream.target(),
                                false,
                                stream.mount(),
                                stream.set(),
                                stream.exclude(),
                                stream.origin(),
                                stream.overwriteEmpty())),
                receiving(
                        "a property of a receive is forgotten",
                        5,
                        stream -> new ReceiveStream(
                                stream.target(),
                                stream.resumable(),
                                stream.mount(),
                                Map.of(),
                                stream.exclude(),
                                stream.origin(),
                                stream.overwriteEmpty())));
    }

    private static Mistake answering(String name, int steps, BiFunction<ZfsCommand<?>, Answer<?>, Answer<?>> how) {
        return new Mistake(name, zfs -> new Mistaken(zfs, command -> command, how, stream -> stream), steps);
    }

    private static Mistake doing(String name, int steps, UnaryOperator<ZfsCommand<?>> how) {
        return new Mistake(name, zfs -> new Mistaken(zfs, how, (command, answer) -> answer, stream -> stream), steps);
    }

    private static Mistake receiving(String name, int steps, UnaryOperator<ReceiveStream> how) {
        return new Mistake(name, zfs -> new Mistaken(zfs, command -> command, (command, answer) -> answer, how), steps);
    }

    /** The labels stay where they are and the GUIDs change places. */
    @SuppressWarnings("unchecked") // the answer to ListHistories
    private static Answer<?> turned(Answer<?> answer) {
        Map<DatasetName, History> turned = new LinkedHashMap<>();
        ((Map<DatasetName, History>) answer.orThrow()).forEach((name, history) -> {
            History.Builder builder = new History.Builder();
            int size = history.size();
            for (int i = 0; i < size; i++) {
                builder.add(
                        history.isBookmark(i),
                        history.label(i),
                        history.guidBits(i),
                        history.point(size - 1 - i).createtxg());
            }
            turned.put(name, builder.build());
        });
        return new Answer.Done<>(turned);
    }

    @SuppressWarnings("unchecked") // the answer to ListDatasets
    private static Answer<?> unwritten(Answer<?> answer) {
        return new Answer.Done<>(((List<Dataset>) answer.orThrow())
                .stream()
                        .map(d -> new Dataset(
                                d.name(),
                                d.kind(),
                                d.guid(),
                                d.createtxg(),
                                d.origin(),
                                d.encryption(),
                                d.readonly(),
                                d.mounted(),
                                0,
                                d.referenced(),
                                d.used(),
                                d.available(),
                                d.volumeSize(),
                                d.resumeToken(),
                                d.snapshotsChanged()))
                        .toList());
    }

    @SuppressWarnings("unchecked") // the answer to GetProperties
    private static Answer<?> local(Answer<?> answer) {
        return new Answer.Done<>(((List<PropertyValue>) answer.orThrow())
                .stream()
                        .map(value -> value.source().startsWith("inherited")
                                ? new PropertyValue(value.dataset(), value.property(), value.value(), "local")
                                : value)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    @DisplayName("finds a mistake, and shows it by a short program")
    void finds(Mistake mistake) {
        Comparison comparison = new Comparison(FakeSide::new, () -> new FakeSide(mistake.disguise()));
        Divergence found = Stream.iterate(1L, seed -> seed + 1)
                .limit(PROGRAMS)
                .flatMap(seed -> comparison.makeUp(seed, STEPS).stream())
                .findFirst()
                .orElseThrow(() -> new AssertionError("not found in " + PROGRAMS + " programs"));
        Divergence shortest = new Shrinker(comparison).shrink(found);
        assertThat(shortest.program()).as(JavaCode.of(shortest)).hasSizeLessThanOrEqualTo(mistake.steps());
        assertThat(JavaCode.of(shortest)).contains("// one:").contains("// other:");
    }

    @Test
    @DisplayName("finds no difference between a host and its like")
    void findsNothing() {
        Comparison comparison = new Comparison(FakeSide::new, FakeSide::new);
        for (long seed = 1; seed <= 60; seed++) {
            Optional<Divergence> found = comparison.makeUp(seed, STEPS);
            assertThat(found).as("seed %s", seed).isEmpty();
        }
        assertThat(comparison.outcomes())
                .containsKeys("Hold DONE", "Promote DONE", "Resume sender: done, receiver: done");
    }

    @Test
    @DisplayName("writes its programs as cases of the contract")
    void writesCases() {
        DatasetName a = Host.HERE.child("a");
        Divergence divergence = new Divergence(
                List.of(
                        new Operation.Run(new ZfsCommand.TakeSnapshots(
                                List.of(a.snapshot("1")), Scope.SELF, Map.of("note:it", "x"))),
                        new Operation.Fill(a, "f", 256),
                        new Operation.Resume(ReceiveStream.into(Host.THERE.child("b")), Operation.Cut.IN_THE_MIDDLE)),
                true,
                List.of(Effect.DONE.name()),
                List.of("BUSY"));
        assertThat(JavaCode.of(divergence))
                .contains("zfs().execute(new ZfsCommand.TakeSnapshots(List.of(here().child(\"a\").snapshot(\"1\")),"
                        + " Scope.SELF, Map.of(\"note:it\", \"x\")));")
                .contains("world().fill(here().child(\"a\"), \"f\", 256);")
                .contains("receive(cut(capture(new SendStream.Resume(dataset(there().child(\"b\"))"
                        + ".resumeToken().orElseThrow())), 0.5), new ReceiveStream(there().child(\"b\"), false, false,"
                        + " Map.of(), Set.of(), Optional.empty(), false));")
                .contains("// one:   DONE")
                .contains("// other: BUSY");
    }
}
