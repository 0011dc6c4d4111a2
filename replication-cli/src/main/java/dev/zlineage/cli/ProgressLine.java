// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.plan.Bytes;
import dev.zlineage.core.run.ReplicationEvent;
import dev.zlineage.core.run.ReplicationListener;
import dev.zlineage.core.zfs.DatasetName;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** One line on a terminal that tells how far a run is, drawn again and again, and gone at the end. */
final class ProgressLine implements ReplicationListener {

    private static final long REDRAW_NANOS = 100_000_000;
    private static final long WINDOW_NANOS = 5_000_000_000L;
    private static final int WIDTH = 79;

    /** A stream under way. */
    private static final class Stream {
        private long moved;
        private long estimated;
    }

    /** What had gone through at some moment. */
    private record Sample(long nanos, long bytes) {}

    private final PrintWriter terminal;
    private final LongSupplier nanoTime;
    private final Map<DatasetName, Stream> underWay = new LinkedHashMap<>();
    private final Deque<Sample> samples = new ArrayDeque<>();
    private int streams;

    /** What all streams together were guessed to have; 0 where nobody asked. */
    private long whole;

    private int finished;
    private long finishedBytes;
    private long drawnAt;
    private boolean drawn;

    ProgressLine(PrintWriter terminal, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.nanoTime = nanoTime;
    }

    /** A listener, and where a person watches a line too. */
    static ReplicationListener beside(ReplicationListener other, Environment environment, boolean quiet) {
        if (quiet || !environment.terminal()) {
            return other;
        }
        ProgressLine line = new ProgressLine(environment.err(), environment.nanoTime());
        return event -> {
            other.on(event);
            line.on(event);
        };
    }

    @Override
    public void on(ReplicationEvent event) {
        if (event instanceof ReplicationEvent.Started started) {
            streams = started.streams();
            whole = started.plan().estimate().orElse(0);
        } else if (event instanceof ReplicationEvent.StreamStarted begun) {
            underWay.put(begun.dataset().source(), new Stream());
            draw();
        } else if (event instanceof ReplicationEvent.StreamEstimated estimate) {
            stream(estimate.dataset().source()).estimated = estimate.bytes();
        } else if (event instanceof ReplicationEvent.BytesMoved moved) {
            stream(moved.dataset().source()).moved = moved.bytes();
            draw();
        } else if (event instanceof ReplicationEvent.StreamFinished ended) {
            underWay.remove(ended.dataset().source());
            finished++;
            finishedBytes += ended.bytes();
            draw();
        } else if (event instanceof ReplicationEvent.Retrying again) {
            underWay.remove(again.dataset().source());
            clear();
            terminal.println(again.dataset().source() + ": "
                    + again.failure().text().strip().lines().findFirst().orElse("failed") + "; going on"
                    + (again.delay().isZero() ? "" : " in " + Words.time(again.delay())));
            terminal.flush();
        } else if (event instanceof ReplicationEvent.DatasetFinished || event instanceof ReplicationEvent.Finished) {
            clear();
        }
    }

    private Stream stream(DatasetName dataset) {
        return underWay.computeIfAbsent(dataset, name -> new Stream());
    }

    private void draw() {
        long now = nanoTime.getAsLong();
        if (drawn && now - drawnAt < REDRAW_NANOS) {
            return;
        }
        drawn = true;
        drawnAt = now;
        String line = line(now);
        terminal.print("\r" + (line.length() > WIDTH ? line.substring(0, WIDTH) : line) + "\u001b[K");
        terminal.flush();
    }

    private void clear() {
        if (drawn) {
            terminal.print("\r\u001b[K");
            terminal.flush();
            drawn = false;
        }
    }

    private String line(long now) {
        long moved = finishedBytes;
        long known = 0;
        long estimated = 0;
        for (Stream stream : underWay.values()) {
            moved += stream.moved;
            if (stream.estimated > 0) {
                known += Math.min(stream.moved, stream.estimated);
                estimated += stream.estimated;
            }
        }
        StringBuilder line = new StringBuilder("stream ");
        line.append(Math.min(streams, finished + underWay.size()))
                .append(" of ")
                .append(streams);
        line.append(", ").append(Bytes.words(moved));
        long rate = rate(now, moved);
        if (rate > 0) {
            line.append(", ").append(Bytes.words(rate)).append("/s");
        }
        if (whole > 0) {
            line.append("; ").append(share(Math.min(moved, whole), whole, rate));
        } else if (estimated > 0) {
            line.append("; under way: ").append(share(known, estimated, rate));
        }
        return line.toString();
    }

    private static String share(long part, long all, long rate) {
        return part * 100 / all + "% of about " + Bytes.words(all)
                + (rate > 0 ? ", " + Words.time(Duration.ofSeconds((all - part) / rate)) + " left" : "");
    }

    /** Bytes a second over the last few seconds; 0 while there is too little to tell. */
    private long rate(long now, long moved) {
        samples.addLast(new Sample(now, moved));
        while (samples.size() > 2 && now - samples.getFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
        long nanos = now - samples.getFirst().nanos();
        return nanos < REDRAW_NANOS ? 0 : (long) ((moved - samples.getFirst().bytes()) / (nanos / 1e9));
    }
}
