// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One {@code zfs receive} under way. To be called with the monitor of its host. */
final class ReceiveSession {

    private enum At {
        START,
        BETWEEN,
        WITHIN,
        IGNORED,
        END
    }

    private final FakeHost host;
    private final ReceiveStream request;
    private final boolean forced;
    private final Runnable admission;
    private final StreamDecoder decoder = new StreamDecoder(this::record);
    private At at = At.START;
    private boolean compound;
    /** Of a raw stream: the real one reads one record more before it looks at where this goes. */
    private @Nullable Begin waiting;

    private @Nullable Begin begin;
    private @Nullable FakeDataset marked;
    private boolean reserved;
    private Staging staging = new Staging();
    private @Nullable Refusal refusal;
    private boolean over;

    ReceiveSession(FakeHost host, ReceiveStream request, boolean forced) {
        this(host, request, forced, () -> {});
    }

    /**
     * A receive by somebody who may not do everything.
     *
     * @param admission throws a {@link Refusal} where this may not be done; asked when the stream has begun
     */
    ReceiveSession(FakeHost host, ReceiveStream request, boolean forced, Runnable admission) {
        this.host = host;
        this.request = request;
        this.forced = forced;
        this.admission = admission;
    }

    /** Why it failed; null as long as it did not. */
    @Nullable
    Refusal refusal() {
        return refusal;
    }

    void feed(byte[] bytes, int off, int len) {
        if (over) {
            return;
        }
        try {
            decoder.feed(bytes, off, len);
        } catch (IOException e) {
            endEarly();
        } catch (Refusal e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            over = true;
            unmark();
            throw e;
        }
    }

    /** The stream has no more bytes, be it at its end or because it was cut. */
    void end() {
        if (over) {
            return;
        }
        if (at == At.END && decoder.isBetweenRecords()) {
            over = true;
        } else {
            endEarly();
        }
    }

    private void endEarly() {
        if (at == At.START) {
            fail(new Refusal(Kind.STREAM_CUT, "cannot receive: failed to read from stream"));
            return;
        }
        String text = "cannot receive"
                + (begin != null && !begin.isFull() ? " incremental stream" : " new filesystem stream") + ": ";
        boolean resumable = request.resumable() && at == At.WITHIN;
        fail(
                resumable
                        ? new Refusal(
                                Kind.STREAM_CUT_RESUMABLE,
                                text
                                        + "checksum mismatch or incomplete stream.\nPartially received snapshot is saved.\nA resuming stream can be generated on"
                                        + " the sending system by running:\n    zfs send -t <token>")
                        : new Refusal(Kind.STREAM_CUT, text + "incomplete stream"));
    }

    private void fail(Refusal why) {
        over = true;
        refusal = why;
        boolean accepted = at == At.WITHIN && isMarked();
        unmark();
        if (accepted && begin != null) {
            if (request.resumable()) {
                try {
                    keep(begin);
                } catch (Refusal others) {
                    // its place was taken, or is gone
                    refusal = new Refusal(Kind.STREAM_CUT, others.text());
                }
            } else {
                discard();
            }
        }
    }

    private void record(RecordType type, byte[] payload) throws IOException {
        if (waiting != null) {
            Begin next = waiting;
            waiting = null;
            begin(next);
            if (at == At.IGNORED && type == RecordType.END) {
                throw new Refusal(Kind.STREAM_CUT, "cannot receive incremental stream: incomplete stream");
            }
        }
        switch (type) {
            case HELLO -> hello(payload);
            case BEGIN -> {
                Begin next = Begin.read(payload);
                if (next.key() == null) {
                    begin(next);
                } else {
                    waiting = next;
                }
            }
            case WRITE -> {
                require(at == At.WITHIN || at == At.IGNORED);
                if (at == At.WITHIN) {
                    staging.write(payload);
                    requireSpace();
                }
            }
            case FREE -> {
                require(at == At.WITHIN || at == At.IGNORED);
                if (at == At.WITHIN) {
                    staging.free(payload);
                }
            }
            case END -> endOfSnapshot();
            case CLOSE -> {
                require(compound && at == At.BETWEEN);
                at = At.END;
            }
        }
    }

    private static void require(boolean inOrder) throws IOException {
        if (!inOrder) {
            throw new IOException("records out of order");
        }
    }

    private void hello(byte[] payload) throws IOException {
        require(at == At.START);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload));
        require(in.readUTF().equals(RecordType.FORMAT));
        compound = in.readBoolean();
        at = At.BETWEEN;
    }

    private void begin(Begin next) throws IOException {
        require(at == At.BETWEEN);
        begin = next;
        new ReceiveProperties(request, next).check();
        admission.run();
        Landing landing = Landing.of(host, request, next, forced);
        if (landing.isThere()) {
            at = At.IGNORED;
            return;
        }
        mark(landing.existing());
        at = At.WITHIN;
        FakeDataset existing = landing.existing();
        PartialReceive partial = existing == null ? null : existing.partial();
        staging = partial == null ? new Staging() : partial.staged();
    }

    private void endOfSnapshot() throws IOException {
        require(at == At.WITHIN || at == At.IGNORED);
        if (at == At.WITHIN && begin != null) {
            unmark();
            // others may have changed the target in the meantime
            Landing landing = Landing.of(host, request, begin, forced);
            if (!landing.isThere()) {
                Arrival.apply(host, request, begin, staging, landing);
            }
        }
        at = compound ? At.BETWEEN : At.END;
    }

    private void requireSpace() {
        FakeDataset target = host.find(request.target());
        FakeDataset into = target == null ? host.parentFor(request.target()) : target;
        FakeHost.requireSpace(into, staging.bytes());
    }

    private void keep(Begin cut) {
        FakeDataset existing = host.find(request.target());
        if (existing == null) {
            Landing landing = Landing.of(host, request, cut, forced);
            existing = Arrival.newDataset(host, request, cut, landing.origin());
            existing.inconsistent(true);
            unsettle(existing.crypt());
        }
        if (existing.partial() == null) {
            existing.partialSince(host.seconds());
        }
        existing.partial(new PartialReceive(cut, staging, staging.records()));
    }

    /** OpenZFS sets keylocation when a receive is complete, and a resumed one has forgotten what it was to be. */
    private void unsettle(@Nullable Crypt crypt) {
        WrappingKey key = crypt == null ? null : crypt.key();
        if (crypt != null && key != null && request.set().containsKey("keylocation")) {
            crypt.key(key.at("none"));
        }
    }

    /** What an earlier receive had kept is lost too, when this one was to carry it on and did not ask to keep it. */
    private void discard() {
        FakeDataset existing = host.find(request.target());
        if (existing != null && existing.partial() != null) {
            existing.partial(null);
            if (existing.isInconsistent()) {
                host.detach(existing);
            }
        }
    }

    private void mark(@Nullable FakeDataset existing) {
        if (existing == null) {
            host.beingReceived().add(request.target());
            reserved = true;
        } else {
            existing.receiving(true);
            marked = existing;
        }
    }

    private boolean isMarked() {
        return reserved || marked != null;
    }

    private void unmark() {
        if (reserved) {
            host.beingReceived().remove(request.target());
            reserved = false;
        }
        if (marked != null) {
            marked.receiving(false);
            marked = null;
        }
    }
}
