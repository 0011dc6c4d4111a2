// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.scheduler.task.Definition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The door: runs the tasks of a definition when they are due, for years.
 *
 * <pre>{@code
 * try (TaskStore store = new InMemoryTaskStore();
 *         ReplicationService service = ReplicationService.of(definition, runner, store).start()) {
 *     service.run("nightly");
 *     service.status().forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>What is due is written into the store before it is begun. A job that a process began and did not end is begun again by the
 * next one, as soon as its lease is over. Of several services on one store one runs the tasks; the others stand by, and one of them
 * takes over when it has heard nothing for a minute. Methods are safe for use by several threads; they wait for the thread of the service,
 * which never waits for a host.
 */
public final class ReplicationService implements AutoCloseable {

    /** How often it is looked whether the service has ended meanwhile, and will never answer. */
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(1);

    private final TaskStore store;
    private final Concurrency concurrency;
    private final ServiceListener listener;
    private final String node;
    private final Concurrency.Mailbox<Consumer<ServiceLoop>> inbox;
    private final Definition definition;
    private final TaskRunner runner;
    private volatile Optional<Concurrency.Fork> loop = Optional.empty();
    private volatile boolean stopping;
    private volatile boolean ended;

    private ReplicationService(
            Definition definition,
            TaskRunner runner,
            TaskStore store,
            Concurrency concurrency,
            ServiceListener listener,
            String node) {
        this.definition = definition;
        this.runner = runner;
        this.store = store;
        this.concurrency = concurrency;
        this.listener = listener;
        this.node = node;
        this.inbox = concurrency.mailbox();
    }

    /**
     * A service that has not been started.
     *
     * @param definition all tasks
     * @param runner does their work
     * @param store keeps what has to outlive the process; it is not closed
     * @return a service in real time that nobody listens to
     */
    public static ReplicationService of(Definition definition, TaskRunner runner, TaskStore store) {
        return new ReplicationService(
                definition,
                runner,
                store,
                Concurrency.system(),
                ServiceListener.NONE,
                UUID.randomUUID().toString());
    }

    /**
     * The same with time and threads of another origin. Not for one that was started.
     *
     * @param other where to take them from
     * @return a service
     */
    public ReplicationService with(Concurrency other) {
        return new ReplicationService(definition, runner, store, other, listener, node);
    }

    /**
     * The same with somebody who is told what happens. Not for one that was started.
     *
     * @param told called on the thread of the service
     * @return a service
     */
    public ReplicationService listening(ServiceListener told) {
        return new ReplicationService(definition, runner, store, concurrency, told, node);
    }

    /**
     * Starts it, in a thread of its own.
     *
     * @return this
     * @throws IllegalStateException if it was started before
     */
    public ReplicationService start() {
        if (loop.isPresent()) {
            throw new IllegalStateException("it was started before");
        }
        Dispatcher dispatcher = new Dispatcher(
                new Tasks(definition),
                store,
                node,
                concurrency.now(),
                concurrency::random,
                concurrency::nanoTime,
                listener);
        ServiceLoop running = new ServiceLoop(dispatcher, runner, store, concurrency, inbox, listener);
        loop = Optional.of(concurrency.fork("zlineage-service", () -> {
            try {
                running.run();
            } finally {
                ended = true;
            }
        }));
        return this;
    }

    /**
     * Asks for a task, whatever its schedule says. It is run as soon as what overlaps lets it; a job of it that waits already
     * serves this too.
     *
     * @param task the id of a task that is enabled
     * @return the jobs that serve it: one, or two where a snapshot task and a replication task have the id
     * @throws IllegalArgumentException if there is no such task, or it is disabled
     * @throws InterruptedException if the thread is interrupted
     */
    public List<Job> run(String task) throws InterruptedException {
        return ask(on -> on.dispatcher().request(task, on.now()));
    }

    /**
     * Ends what runs of a task, and forgets what waits. What was cut is carried on by the next run.
     *
     * @param task its id
     * @return whether there was anything
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean cancel(String task) throws InterruptedException {
        return ask(on -> on.dispatcher().cancel(task, on.now()));
    }

    /**
     * Lets a task begin nothing until it is to go on, also after a restart. What runs of it is ended and waits.
     *
     * @param task its id
     * @throws InterruptedException if the thread is interrupted
     */
    public void pause(String task) throws InterruptedException {
        tell(on -> on.dispatcher().pause(task, true, on.now()));
    }

    /**
     * Ends a pause.
     *
     * @param task its id
     * @throws InterruptedException if the thread is interrupted
     */
    public void goOn(String task) throws InterruptedException {
        tell(on -> on.dispatcher().pause(task, false, on.now()));
    }

    /**
     * Replaces the definition. What runs goes on as it began; what waits of a task that is not there any more is skipped.
     *
     * @param tasks all of them
     * @param work does their work from now on
     * @throws InterruptedException if the thread is interrupted
     */
    public void define(Definition tasks, TaskRunner work) throws InterruptedException {
        tell(on -> on.define(new Tasks(tasks), work));
    }

    /**
     * Where each task stands.
     *
     * @return in the order of the definition, snapshot tasks first
     * @throws InterruptedException if the thread is interrupted
     */
    public List<TaskStatus> status() throws InterruptedException {
        return ask(on -> new Statuses(on.dispatcher(), store, on.now()).all());
    }

    /**
     * What became of earlier jobs.
     *
     * @param task of one task; empty for all
     * @param atMost how many
     * @return the latest first
     * @throws InterruptedException if the thread is interrupted
     */
    public List<JobRecord> history(Optional<String> task, int atMost) throws InterruptedException {
        return ask(on -> on.store().history(task, atMost));
    }

    /**
     * Whether its thread has ended, and nothing more is done: it was stopped, or interrupted, or failed in a way that nobody
     * foresaw.
     *
     * @return false before it is started, and as long as it runs
     */
    public boolean hasEnded() {
        return ended;
    }

    /**
     * Stops: begins nothing more, lets what runs end within a while, then ends it. What was ended is carried on after the next
     * start.
     *
     * @param within how long to wait before what runs is ended
     * @throws InterruptedException if the thread is interrupted
     */
    public void stop(Duration within) throws InterruptedException {
        if (loop.isPresent()) {
            stopping = true;
            inbox.post(on -> on.stop(within));
            loop.get().join();
        }
    }

    /** Stops it: what runs is ended at once, and waited for until it has. */
    @Override
    public void close() {
        try {
            stop(Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The answer of the service's thread, or what it threw. */
    private record Said<T>(Optional<T> answer, Optional<RuntimeException> thrown) {}

    private void tell(Consumer<ServiceLoop> message) throws InterruptedException {
        ask(on -> {
            message.accept(on);
            return true;
        });
    }

    private <T> T ask(Function<ServiceLoop, T> question) throws InterruptedException {
        if (loop.isEmpty() || stopping) {
            throw new IllegalStateException(stopping ? "the service was stopped" : "the service was not started");
        }
        Concurrency.Mailbox<Said<T>> said = concurrency.mailbox();
        inbox.post(on -> {
            try {
                said.post(new Said<>(Optional.of(question.apply(on)), Optional.empty()));
            } catch (RuntimeException e) {
                said.post(new Said<>(Optional.empty(), Optional.of(e)));
            } catch (Error e) {
                said.post(new Said<>(
                        Optional.empty(), Optional.of(new IllegalStateException("the service can't answer: " + e, e))));
            }
        });
        Optional<Said<T>> answer = said.poll(ANSWERS_WITHIN);
        while (answer.isEmpty()) {
            if (ended) {
                throw new IllegalStateException("the service was stopped");
            }
            answer = said.poll(ANSWERS_WITHIN);
        }
        if (answer.get().thrown().isPresent()) {
            throw answer.get().thrown().get();
        }
        return answer.get().answer().orElseThrow();
    }
}
