// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.lineage.Base;
import dev.zlineage.core.mark.StreamMark;
import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The streams that bring one dataset what is selected, and the base that they go on from. */
final class Streams {

    private final Dataset from;
    private final History history;
    private final SnapshotSelection selection;
    private final StreamMode mode;
    private final Reception reception;
    private final List<PlannedStream> list = new ArrayList<>();
    private Optional<Base> base = Optional.empty();

    /** In which form targets were received last, where that is known. */
    private final Map<DatasetName, StreamMode> known;

    Streams(
            Dataset from,
            History history,
            SnapshotSelection selection,
            StreamMode mode,
            Reception reception,
            Map<DatasetName, StreamMode> known) {
        this.known = known;
        this.from = from;
        this.history = history;
        this.selection = selection;
        this.mode = mode;
        this.reception = reception;
    }

    /** All of it, into a new target, or one that holds nothing. */
    Streams first(DatasetName to, boolean overwriteEmpty) {
        rest(Optional.empty(), reception.first(to, overwriteEmpty), mode);
        return this;
    }

    /** What is newer than the base. */
    Streams since(Base newest, DatasetName to) {
        base = Optional.of(newest);
        rest(base, reception.next(to, false), mode);
        return this;
    }

    /** All of it, into a new target that is a clone of what the target has of the origin. */
    Streams clone(Clones.Way.AsClone origin, DatasetName to) {
        int index = selection.in(history).nextSetBit(0);
        Snapshot snapshot = (Snapshot) history.point(index);
        StreamMode form = origin.only() ? mode : mode.withoutProperties();
        ReceiveStream plain = onto(origin.onTarget(), to);
        SendStream.Increment send =
                new SendStream.Increment(origin.onSource(), from.name().snapshot(snapshot.label()), form);
        ReceiveStream found = new ReceiveStream(
                to, plain.resumable(), plain.mount(), plain.set(), plain.exclude(), Optional.empty(), false);
        list.add(new PlannedStream(
                send,
                received(form.properties() ? found : plain, snapshot.guid(), Optional.of(origin.guid()), form),
                Optional.of(origin.guid()),
                List.of(snapshot),
                0));
        rest(Optional.of(new Base(snapshot, index, snapshot)), reception.next(to, false), mode);
        return this;
    }

    private ReceiveStream onto(SnapshotName origin, DatasetName to) {
        ReceiveStream plain = reception.first(to, false);
        Map<String, String> set = new TreeMap<>(plain.set());
        set.keySet().removeAll(reception.encryption(to).keySet()); // a clone has that of its origin
        return new ReceiveStream(
                to, plain.resumable(), plain.mount(), set, plain.exclude(), Optional.of(origin), false);
    }

    /** What is newer than the base, the first stream into a clone of what the target holds of it. That one has no properties. */
    Streams cloned(Base newest, DatasetName to, DatasetName target) {
        base = Optional.of(newest);
        SnapshotName origin = target.snapshot(newest.onTarget().label());
        rest(base, onto(origin, to), mode.withoutProperties());
        return this;
    }

    /** The rest of the stream that was cut, then what is newer than its snapshot. */
    Streams resumed(PartialState.CarryOn on, DatasetName to, boolean overwriteEmpty) {
        base = on.worth().from();
        Snapshot snapshot = (Snapshot) history.point(on.worth().to());
        list.add(new PlannedStream(
                new SendStream.Resume(on.token()),
                reception.next(to, overwriteEmpty),
                on.contents().from(),
                List.of(snapshot),
                on.contents().bytes()));
        rest(Optional.of(new Base(snapshot, on.worth().to(), snapshot)), reception.next(to, false), mode);
        return this;
    }

    private void rest(Optional<Base> newest, ReceiveStream head, StreamMode headMode) {
        ReceiveStream receive = head;
        StreamMode form = headMode;
        for (StreamSeries.Segment segment : StreamSeries.minimal(history, newest, selection.in(history))) {
            list.add(stream(segment, form, receive));
            receive = reception.next(head.target(), false);
            form = mode;
        }
    }

    private PlannedStream stream(StreamSeries.Segment segment, StreamMode form, ReceiveStream receive) {
        List<Snapshot> arriving = new ArrayList<>();
        for (int i = segment.first(); i <= segment.to(); i++) {
            if (!history.isBookmark(i)) {
                arriving.add((Snapshot) history.point(i));
            }
        }
        Optional<Guid> goesOnFrom =
                segment.full() ? Optional.empty() : Optional.of(new Guid(history.guidBits(segment.from())));
        Guid last = new Guid(history.guidBits(segment.to()));
        return new PlannedStream(
                send(segment, form), received(receive, last, goesOnFrom, form), goesOnFrom, arriving, 0);
    }

    private SendStream send(StreamSeries.Segment segment, StreamMode form) {
        SnapshotName last = from.name().snapshot(history.label(segment.to()));
        if (segment.full()) {
            return new SendStream.Full(last, form);
        }
        String label = history.label(segment.from());
        if (segment.series()) {
            return new SendStream.Series(from.name().snapshot(label), last, form);
        }
        return history.isBookmark(segment.from())
                ? new SendStream.Increment(from.name().bookmark(label), last, form)
                : new SendStream.Increment(from.name().snapshot(label), last, form);
    }

    /**
     * Marked by the form of its stream. What carries on a stream that was cut is not: that one did it. The mark speaks of the base
     * only where that came in the same form: if nothing arrives, it has to be true of what is there.
     */
    private ReceiveStream received(ReceiveStream plain, Guid last, Optional<Guid> goesOnFrom, StreamMode form) {
        Optional<Guid> same = goesOnFrom.filter(base -> cameAs(plain.target(), form));
        ReceiveStream marked = plain.with(StreamMark.PROPERTY, StreamMark.value(last, same, form));
        return form.properties() ? reception.withProperties(marked) : marked;
    }

    private boolean cameAs(DatasetName target, StreamMode form) {
        Optional<StreamMode> before = list.isEmpty()
                ? Optional.ofNullable(known.get(target))
                : list.get(list.size() - 1).send().form();
        return before.filter(was -> was.raw() == form.raw() && was.largeBlocks() == form.largeBlocks())
                .isPresent();
    }

    List<PlannedStream> list() {
        return list;
    }

    History history() {
        return history;
    }

    Optional<Base> base() {
        return base;
    }

    StreamMode mode() {
        return mode;
    }

    /** What the target is to end in; empty where nothing is sent. */
    Optional<Snapshot> goal() {
        return list.isEmpty()
                ? Optional.empty()
                : Optional.of(list.get(list.size() - 1).last());
    }

    /** Why properties that were asked for do not come with the last stream, whose values would be those in effect. */
    Optional<String> withoutProperties() {
        if (!mode.properties() || list.isEmpty()) {
            return Optional.empty();
        }
        PlannedStream last = list.get(list.size() - 1);
        Optional<StreamMode> form = last.send().form();
        if (form.isEmpty()) {
            // a first stream brought them before it was cut
            return last.base().map(guid -> "what is carried on after a cut has none");
        }
        return form.get().properties() ? Optional.empty() : Optional.of("what is received into a clone has none");
    }
}
