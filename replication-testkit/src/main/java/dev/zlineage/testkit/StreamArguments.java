// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.Dataset.ResumeToken;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The arguments of {@code zfs send} and {@code zfs receive}. */
final class StreamArguments {

    static final String SEND = "nvPLcewpi:I:t:";
    static final String RECEIVE = "AsuFo:x:";

    private StreamArguments() {}

    static SendStream send(Invocation call) {
        if (!call.has('v') || !call.has('P')) {
            throw new NotModelled("zfs send without -v and -P");
        }
        if (call.has('t')) {
            call.requireOperands(0);
            return new SendStream.Resume(new ResumeToken(call.value('t', "")));
        }
        call.requireOperands(1);
        SnapshotName to = call.snapshot(0);
        StreamMode mode = new StreamMode(call.has('L'), call.has('c'), call.has('e'), call.has('w'), call.has('p'));
        if (call.has('I')) {
            if (!(base(call, 'I', to) instanceof SnapshotName from)) {
                throw new NotModelled("zfs send -I from a bookmark");
            }
            return new SendStream.Series(from, to, mode);
        }
        return call.has('i') ? new SendStream.Increment(base(call, 'i', to), to, mode) : new SendStream.Full(to, mode);
    }

    /** {@code @1} and {@code #1} are of the dataset that is sent. */
    private static PointName base(Invocation call, char option, SnapshotName to) {
        String name = call.value(option, "");
        return PointName.of(name.startsWith("@") || name.startsWith("#") ? to.dataset() + name : name);
    }

    static ReceiveStream receive(Invocation call) {
        call.requireOperands(1);
        Map<String, String> set = new LinkedHashMap<>(call.assignments('o'));
        String origin = set.remove("origin");
        return new ReceiveStream(
                call.dataset(0),
                call.has('s'),
                !call.has('u'),
                set,
                call.valuesAsSet('x'),
                origin == null ? Optional.empty() : Optional.of((SnapshotName) PointName.of(origin)),
                call.has('F'));
    }

    static Invocation invocation(List<String> arguments) {
        String verb = arguments.get(0);
        return new Invocation(
                verb, arguments.subList(1, arguments.size()), new byte[0], verb.equals("send") ? SEND : RECEIVE);
    }
}
