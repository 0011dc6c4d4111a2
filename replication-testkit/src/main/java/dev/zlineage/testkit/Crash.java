// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The death of a process that replicates, at a moment of choice. The hosts live on; what goes through the doors that this
 * object gives out is refused from then on, so that no {@code finally} block tidies up what a real crash would leave.
 *
 * <p>Moments are counted over all doors: each command is two, before and after it took effect, and each stream that is sent is
 * one, at which it is cut after some bytes. A test that runs a scenario with 0, 1, 2 and so on until
 * {@link #happened} is false has died everywhere.
 *
 * <p>Safe for use by several threads; which moment a number means is certain only where one stream is sent at a time.
 */
public final class Crash {

    /** What a door throws when the process is dead. Nothing in the engine catches it. */
    public static final class Dead extends Error {

        private static final long serialVersionUID = 1L;

        Dead() {
            super("the process is dead");
        }
    }

    private final int moment;
    private final long bytes;
    private final AtomicInteger moments = new AtomicInteger();
    private volatile boolean dead;

    private Crash(int moment, long bytes) {
        this.moment = moment;
        this.bytes = bytes;
    }

    /**
     * A death at one moment.
     *
     * @param moment which, from 0
     * @param bytes after how many bytes a stream is cut, if that is the moment
     * @return a crash that is yet to happen
     */
    public static Crash at(int moment, long bytes) {
        return new Crash(moment, bytes);
    }

    /**
     * Whether the moment has come.
     *
     * @return true from then on
     */
    public boolean happened() {
        return dead;
    }

    /**
     * The door to a host, for the process that is to die.
     *
     * @param host the host
     * @return a port that refuses everything after the crash
     */
    public Zfs door(FakeZfs host) {
        return new Door(host);
    }

    /** Passes a moment, and dies in it if it is the one. */
    private void pass() {
        if (moments.getAndIncrement() == moment) {
            dead = true;
        }
        live();
    }

    private void live() {
        if (dead) {
            throw new Dead();
        }
    }

    private final class Door implements Zfs {

        private final FakeZfs host;

        Door(FakeZfs host) {
            this.host = host;
        }

        @Override
        public String host() {
            return host.host();
        }

        @Override
        public ZfsVersion version() {
            live();
            return host.version();
        }

        @Override
        public List<Answer<?>> execute(List<? extends ZfsCommand<?>> commands) {
            live();
            List<Answer<?>> answers = new ArrayList<>();
            for (ZfsCommand<?> command : commands) {
                pass();
                answers.addAll(host.execute(List.of(command)));
                pass();
            }
            return answers;
        }

        @Override
        public StreamOffer<StreamSource> send(SendStream stream) {
            live();
            if (moments.getAndIncrement() == moment) {
                dead = true;
                host.cutNextStream(bytes);
            }
            return host.send(stream);
        }

        /** A receiver outlives the process for as long as it takes to notice. */
        @Override
        public StreamOffer<StreamSink> receive(ReceiveStream stream) {
            return host.receive(stream);
        }

        @Override
        public void close() {
            host.close();
        }
    }
}
