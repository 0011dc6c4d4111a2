// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import dev.zlineage.core.concurrency.Concurrency;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A transfer between two programs that share a kernel pipe. */
final class PipedTransfer implements Transfer {

    /**
     * How long a sender may go on without a receiver. Its next write ends it, so this is for one that does not write: it
     * waits for a disk, or hangs.
     */
    static final Duration WITHOUT_RECEIVER = Duration.ofSeconds(10);

    private enum Event {
        SOURCE_ENDED,
        SINK_ENDED
    }

    private final Concurrency.Mailbox<Event> events;
    private final SourceReports reports;
    private final RunningProcess source;
    private final RunningProcess sink;
    private final Duration withoutReceiver;

    private PipedTransfer(
            Concurrency concurrency, List<Process> processes, SourceReports reports, Duration withoutReceiver) {
        this.events = concurrency.mailbox();
        this.reports = reports;
        this.withoutReceiver = withoutReceiver;
        Process from = processes.get(0);
        Process to = processes.get(1);
        this.source = new RunningProcess(
                concurrency, from, from.getErrorStream(), reports, () -> events.post(Event.SOURCE_ENDED));
        // its standard error goes the same way
        this.sink = new RunningProcess(
                concurrency, to, to.getInputStream(), line -> false, () -> events.post(Event.SINK_ENDED));
    }

    static Transfer start(
            Concurrency concurrency, ProcessSource source, ProcessSink sink, Consumer<StreamProgress> progress) {
        return start(concurrency, source, sink, progress, WITHOUT_RECEIVER);
    }

    static Transfer start(
            Concurrency concurrency,
            ProcessSource source,
            ProcessSink sink,
            Consumer<StreamProgress> progress,
            Duration withoutReceiver) {
        ProcessBuilder from = new ProcessBuilder(source.argv());
        from.environment().putAll(source.environment());
        from.redirectInput(NOTHING);
        ProcessBuilder to = new ProcessBuilder(sink.argv());
        to.environment().putAll(sink.environment());
        to.redirectErrorStream(true);
        List<Process> processes;
        try {
            // where the second can't be started, this ends the first
            processes = ProcessBuilder.startPipeline(List.of(from, to));
        } catch (IOException e) {
            return new NotStarted(source, String.valueOf(e.getMessage()));
        }
        return new PipedTransfer(concurrency, processes, new SourceReports(source.report(), progress), withoutReceiver);
    }

    static final ProcessBuilder.Redirect NOTHING = ProcessBuilder.Redirect.from(new File("/dev/null"));

    @Override
    public Ends await() throws InterruptedException {
        boolean interrupted = false;
        boolean sourceEnded = false;
        boolean sinkEnded = false;
        while (!sourceEnded || !sinkEnded) {
            try {
                boolean alone = sinkEnded && !sourceEnded;
                Event event = alone ? events.poll(withoutReceiver).orElse(null) : events.take();
                if (event == null) {
                    source.end();
                    event = events.take();
                }
                sourceEnded |= event == Event.SOURCE_ENDED;
                sinkEnded |= event == Event.SINK_ENDED;
            } catch (InterruptedException e) {
                interrupted = true;
                abort();
            }
        }
        while (true) {
            try {
                Ends ends = new Ends(source.exit(), sink.exit(), reports.moved(), false);
                if (interrupted) {
                    throw new InterruptedException("the transfer was interrupted, and aborted");
                }
                return ends;
            } catch (InterruptedException e) {
                if (interrupted) {
                    throw e;
                }
                interrupted = true;
            }
        }
    }

    @Override
    public void abort() {
        // the receiver first: it must not take the end of the sender for the end of the stream
        sink.end();
        source.end();
    }

    /** A transfer of which at least one program could not be started; the other is gone. */
    private record NotStarted(ProcessSource source, String message) implements Transfer {

        @Override
        public Ends await() {
            StreamExit guilty = new StreamExit(StreamExit.LOST, message);
            StreamExit innocent =
                    new StreamExit(StreamExit.LOST, "it was not started, because the other end could not be");
            boolean first = message.contains("\"" + source.argv().get(0) + "\"");
            return first ? new Ends(guilty, innocent, 0) : new Ends(innocent, guilty, 0);
        }

        @Override
        public void abort() {
            // nothing runs
        }
    }
}
