// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** {@code zfs version}, {@code zfs holds} and {@code zfs userspace}. */
final class LookingVerbs {

    private static final DateTimeFormatter IN_WORDS =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm yyyy", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final FakeZfs zfs;

    LookingVerbs(FakeZfs zfs) {
        this.zfs = zfs;
    }

    void register(Verbs verbs) {
        verbs.on("version", "", this::version);
        verbs.on("holds", "Hp", this::holds);
        verbs.on("userspace", "Hpno:", this::userspace);
    }

    private void version(Invocation call, Printer to) {
        to.line("zfs-" + zfs.version());
        to.line("zfs-kmod-" + zfs.version());
    }

    private void holds(Invocation call, Printer to) {
        if (!call.has('H')) {
            throw new NotModelled("zfs holds without -H");
        }
        List<SnapshotName> names = call.snapshotsFrom(0);
        if (call.has('p')) {
            Answer<Map<SnapshotName, Map<String, Long>>> answer = zfs.execute(new ZfsCommand.ListHoldTimes(names));
            if (answer instanceof Answer.Failed<Map<SnapshotName, Map<String, Long>>> failed) {
                to.complain(1, failed.failure());
                return;
            }
            answer.orThrow()
                    .forEach((name, times) -> new TreeMap<>(times)
                            .forEach((tag, seconds) -> to.row(List.of(name.toString(), tag, Long.toString(seconds)))));
            return;
        }
        Answer<Map<SnapshotName, Set<String>>> answer = zfs.execute(new ZfsCommand.ListHolds(names));
        if (answer instanceof Answer.Failed<Map<SnapshotName, Set<String>>> failed) {
            to.complain(1, failed.failure());
            return;
        }
        answer.orThrow()
                .forEach((name, tags) ->
                        tags.forEach(tag -> to.row(List.of(name.toString(), tag, heldSince(name, tag)))));
    }

    private String heldSince(SnapshotName name, String tag) {
        long seconds = zfs.look(host -> host.snapshot(name).holdTimes().getOrDefault(tag, 0L));
        return IN_WORDS.format(Instant.ofEpochSecond(seconds));
    }

    private void userspace(Invocation call, Printer to) {
        call.requireScripted();
        call.requireOperands(1);
        if (!call.has('n') || !call.value('o', "").equals("name,objused")) {
            throw new NotModelled("zfs userspace for anything but -n -o name,objused");
        }
        Answer<Long> answer = zfs.execute(new ZfsCommand.CountObjects(call.dataset(0)));
        if (answer instanceof Answer.Failed<Long> failed) {
            to.complain(1, failed.failure());
        } else {
            to.row(List.of("0", Long.toString(answer.orThrow())));
        }
    }
}
