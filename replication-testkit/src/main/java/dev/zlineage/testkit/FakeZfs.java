// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.core.zfs.ZfsVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A host with OpenZFS in memory: pools, datasets, snapshots and streams that behave as those of OpenZFS 2.3, refusals
 * included.
 *
 * <pre>{@code
 * FakeZfs zfs = FakeZfs.openzfs23();
 * DatasetName data = DatasetName.of("tank/data");
 * zfs.execute(new ZfsCommand.CreateFilesystem(data, Map.of())).orThrow();
 * zfs.write(data, "letter.txt", "Dear reader".getBytes(UTF_8));
 * }</pre>
 *
 * <p>A second {@code FakeZfs} is a second host; what one sends the other can receive:
 *
 * <pre>{@code
 * StreamOffer<StreamSource> from = nas.send(new SendStream.Full(data.snapshot("monday"), StreamMode.DEFAULT));
 * StreamOffer<StreamSink> to = vault.receive(ReceiveStream.into(DatasetName.of("backup/data")));
 * new StreamJoiner(Concurrency.system()).start(from.end(), to.end(), progress -> {}).await();
 * }</pre>
 *
 * <p>Everything that chance decides comes from the seed. What is not modelled throws
 * {@link UnsupportedOperationException} and says what it is. Safe for use by several threads.
 */
public final class FakeZfs implements Zfs {

    private final String label;
    private final Runnable pause;
    private final Runnable idle;
    private final Runnable roundTrip;
    private final FakeHost host;
    private final SendPlanner planner;
    private final Commands commands;
    private final Faults faults = new Faults();
    private final CommandLog log = new CommandLog();
    private final @Nullable FakeUser user;
    private final @Nullable FakeRights rights;
    private @Nullable Thread interfering;

    private FakeZfs(Builder builder) {
        this.label = builder.host;
        this.pause = builder.pause;
        this.idle = builder.idle;
        this.roundTrip = builder.roundTrip;
        this.host = new FakeHost(new GuidSource(builder.seed), builder.clock, builder.version);
        this.planner = new SendPlanner(host);
        this.commands = new Commands(host, planner);
        this.user = null;
        this.rights = null;
        Map<String, Long> pools =
                builder.pools.isEmpty() ? Map.of("backup", Builder.LARGE, "tank", Builder.LARGE) : builder.pools;
        long txg = 4;
        for (String name : pools.keySet().stream().sorted().toList()) {
            host.addPool(name, pools.getOrDefault(name, Builder.LARGE), txg);
            txg += 1000;
        }
    }

    private FakeZfs(FakeZfs of, FakeUser user) {
        this.label = of.label;
        this.pause = of.pause;
        this.idle = of.idle;
        this.roundTrip = of.roundTrip;
        this.host = of.host;
        this.planner = of.planner;
        this.commands = of.commands;
        this.user = user;
        this.rights = new FakeRights(host, user);
    }

    /**
     * The same host, used as somebody who is not root and may do only what {@link #allow} grants. Faults and the log are that
     * door's own.
     *
     * @param name the user's name
     * @param groups names of groups that the user is in beside the user's own, which has the same name
     * @return another door to the same pools
     */
    public FakeZfs as(String name, String... groups) {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(List.of(groups));
        return new FakeZfs(this, new FakeUser(name, List.copyOf(all)));
    }

    /** What {@code id} prints on this host. */
    String id() {
        return user == null ? "uid=0(root) gid=0(root) groups=0(root)" : user.id();
    }

    boolean isRoot() {
        return user == null;
    }

    /**
     * A host {@code fake} with OpenZFS 2.3 and two large, empty pools, {@code tank} and {@code backup}.
     *
     * @return a new one, the same each time
     */
    public static FakeZfs openzfs23() {
        return builder().build();
    }

    /**
     * To change something of {@link #openzfs23()}.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    // ---- the port

    @Override
    public String host() {
        return label;
    }

    @Override
    public ZfsVersion version() {
        return host.version();
    }

    @Override
    public List<Answer<?>> execute(List<? extends ZfsCommand<?>> list) {
        if (rights == null && list.stream().allMatch(ZfsCommand.ListPermissions.class::isInstance)) {
            // root's are known: no host is asked
            return list.stream().<Answer<?>>map(this::answer).toList();
        }
        boolean ours = isInterfering();
        if (!ours) {
            synchronized (host) {
                log.roundTrip();
            }
            roundTrip.run();
        }
        List<Answer<?>> answers = new ArrayList<>(list.size());
        for (ZfsCommand<?> command : list) {
            answers.add(ours ? answer(command) : run(command));
        }
        return answers;
    }

    private Answer<?> run(ZfsCommand<?> command) {
        pause.run();
        Consumer<ZfsCommand<?>> hook;
        synchronized (host) {
            hook = faults.beforeEach();
        }
        interfere(() -> hook.accept(command));
        synchronized (host) {
            log.command(command);
            ZfsFailure.Kind instead = faults.insteadOf(command);
            if (instead != null) {
                return failed(instead, command);
            }
            Answer<?> answer = answer(command);
            ZfsFailure.Kind after = faults.after(command);
            return after == null ? answer : failed(after, command);
        }
    }

    private static Answer<?> failed(ZfsFailure.Kind kind, ZfsCommand<?> command) {
        return new Answer.Failed<>(FaultWords.failure(kind, command.toString()));
    }

    /** Looks at the host; nobody is told, and nothing is counted. */
    <T> T look(Function<FakeHost, T> look) {
        synchronized (host) {
            return look.apply(host);
        }
    }

    private Answer<?> answer(ZfsCommand<?> command) {
        synchronized (host) {
            try {
                if (rights != null && command instanceof ZfsCommand.ListPermissions list) {
                    return new Answer.Done<>(rights.list(list.names()));
                }
                if (rights != null) {
                    rights.check(command);
                }
                return new Answer.Done<>(commands.run(command));
            } catch (Refusal e) {
                return new Answer.Failed<>(e.of(command.toString()));
            } catch (InvalidNameException e) {
                return new Answer.Failed<>(
                        new ZfsFailure(ZfsFailure.Kind.INVALID, command.toString(), String.valueOf(e.getMessage())));
            }
        }
    }

    @Override
    public StreamOffer<StreamSource> send(SendStream stream) {
        SendEnd end = new SendEnd(
                host,
                "zfs send " + stream,
                () -> starting(stream),
                () -> {
                    if (rights != null) {
                        rights.check(stream);
                    }
                    return planner.plan(stream);
                },
                faults::nextInterruption,
                idle,
                pause);
        return new StreamOffer<>(end, end::verdict);
    }

    private void starting(SendStream stream) {
        roundTrip.run();
        pause.run();
        Consumer<SendStream> hook;
        synchronized (host) {
            hook = faults.beforeSend();
        }
        interfere(() -> hook.accept(stream));
        synchronized (host) {
            log.stream(stream);
        }
    }

    @Override
    public StreamOffer<StreamSink> receive(ReceiveStream stream) {
        ReceiveEnd end = new ReceiveEnd(
                host,
                "zfs receive " + stream,
                () -> {
                    log.stream(stream);
                    return rights == null
                            ? new ReceiveSession(host, stream, false)
                            : new ReceiveSession(host, rights.permitted(stream), false, () -> rights.check(stream));
                },
                faults::nextReceiverCut,
                roundTrip,
                pause);
        return new StreamOffer<>(end, end::verdict);
    }

    /** Does nothing: the pools outlive the connection, so that a test can look at them. */
    @Override
    public void close() {}

    // ---- what programs and people of that host do

    /**
     * What root does with {@code zfs allow}: users, groups, everyone, sets, and {@code -l} and {@code -d}.
     *
     * @param words the arguments, such as {@code -u}, {@code ann}, {@code send,hold}, {@code tank/data}
     * @throws IllegalStateException if it fails, or this is not root's door
     */
    public void allow(String... words) {
        delegate("allow", words);
    }

    /**
     * What root does with {@code zfs unallow}: takes everything from a user or a group that was granted on one dataset.
     *
     * @param words the arguments: {@code -u} or {@code -g}, a name, and a dataset
     */
    public void unallow(String... words) {
        delegate("unallow", words);
    }

    /**
     * Makes a pool one that was created without a feature, or by an older OpenZFS: streams that need it are refused.
     *
     * @param pool the name of the pool
     * @param feature such as {@code encryption}, {@code large_blocks} or {@code embedded_data}
     */
    public void disableFeature(String pool, String feature) {
        synchronized (host) {
            Features.disable(host.dataset(DatasetName.of(pool)).pool(), feature);
        }
    }

    private void delegate(String verb, String... words) {
        List<String> arguments = new ArrayList<>(List.of(verb));
        arguments.addAll(List.of(words));
        CommandOutcome.Exited exited = new FakeZfsProgram(this).run(arguments, new byte[0]);
        if (exited.exitCode() != 0) {
            throw new IllegalStateException(exited.stderr());
        }
    }

    /**
     * Lets a dataset live through a history in the one-line notation of {@link dev.zlineage.core.zfs.History}: {@code @monday #monday
     * @tuesday} writes something and takes a snapshot, bookmarks it, writes something else and takes another. A bookmark that
     * does not stand behind its snapshot is of one that is gone.
     *
     * @param dataset created as a filesystem if it is not there; what it has is continued
     * @param history points from old to new, by their labels alone: GUIDs, groups and times are the host's
     * @throws IllegalArgumentException if the history is not understood, or says more than labels
     */
    public void live(DatasetName dataset, String history) {
        new LivedHistory(this, dataset).live(history);
    }

    /**
     * Writes a file, or a region of a volume, whether or not the dataset is mounted.
     *
     * @param dataset where
     * @param path any name
     * @param bytes all of its new contents
     * @throws IllegalStateException if a file system would refuse: read-only, full, without its key
     */
    public void write(DatasetName dataset, String path, byte[] bytes) {
        change(dataset, (contents, txg) -> contents.put(path, bytes, txg), Block.sizeOnDisk(bytes.length));
    }

    /**
     * Deletes a file.
     *
     * @param dataset where
     * @param path its name
     * @throws IllegalStateException if a file system would refuse: read-only, without its key
     * @throws IllegalArgumentException if there is none
     */
    public void delete(DatasetName dataset, String path) {
        synchronized (host) {
            if (!writable(dataset).timeline().live().has(path)) {
                throw new IllegalArgumentException("No such file: " + path);
            }
            change(dataset, (contents, txg) -> contents.delete(path, txg), 0);
        }
    }

    /**
     * Reads something, which changes the access time: the dataset counts as written to, unless it is {@code readonly} or
     * has {@code atime=off}.
     *
     * @param dataset where
     */
    public void touch(DatasetName dataset) {
        synchronized (host) {
            FakeDataset found = existing(dataset);
            if (found.isOpen()
                    && !found.properties().isOn("readonly")
                    && found.properties().isOn("atime")) {
                change(dataset, Contents::touched, 0);
            }
        }
    }

    private interface Change {
        Contents apply(Contents contents, long txg);
    }

    private void change(DatasetName name, Change how, long bytes) {
        synchronized (host) {
            FakeDataset dataset = writable(name);
            try {
                FakeHost.requireSpace(dataset, bytes);
            } catch (Refusal e) {
                throw new IllegalStateException(e.text(), e);
            }
            long txg = dataset.pool().nextTxg();
            dataset.change(timeline -> timeline.live(how.apply(timeline.live(), txg)));
        }
    }

    private FakeDataset writable(DatasetName name) {
        FakeDataset dataset = open(name);
        if (dataset.properties().isOn("readonly")) {
            throw new IllegalStateException("Read-only file system: " + name);
        }
        return dataset;
    }

    private FakeDataset open(DatasetName name) {
        FakeDataset dataset = existing(name);
        if (dataset.isInconsistent()) {
            throw new IllegalStateException("Nothing but an interrupted receive: " + name);
        }
        if (!dataset.isOpen()) {
            throw new IllegalStateException("Required key not available: " + name);
        }
        return dataset;
    }

    private FakeDataset existing(DatasetName name) {
        FakeDataset dataset = host.find(name);
        if (dataset == null) {
            throw new IllegalArgumentException("No such dataset: " + name);
        }
        return dataset;
    }

    /**
     * What a dataset holds now, to be compared: a short text is shown as it is, other contents by length and digest.
     *
     * @param dataset which
     * @return path to contents
     */
    public SortedMap<String, String> contents(DatasetName dataset) {
        synchronized (host) {
            return open(dataset).timeline().live().shown();
        }
    }

    /**
     * What a snapshot holds, to be compared: a short text is shown as it is, other contents by length and digest.
     *
     * @param snapshot which
     * @return path to contents
     */
    public SortedMap<String, String> contents(SnapshotName snapshot) {
        synchronized (host) {
            open(snapshot.dataset());
            return existing(snapshot).contents().shown();
        }
    }

    /**
     * A file as it is now.
     *
     * @param dataset where
     * @param path its name
     * @return its bytes
     */
    public byte[] read(DatasetName dataset, String path) {
        synchronized (host) {
            return open(dataset).timeline().live().bytes(path);
        }
    }

    /**
     * The user properties of a snapshot, set or received.
     *
     * @param snapshot which
     * @return name to value
     */
    public Map<String, String> userProperties(SnapshotName snapshot) {
        synchronized (host) {
            return existing(snapshot).allUserProperties();
        }
    }

    private FakeSnapshot existing(SnapshotName name) {
        FakeSnapshot snapshot = host.findSnapshot(name);
        if (snapshot == null) {
            throw new IllegalArgumentException("No such snapshot: " + name);
        }
        return snapshot;
    }

    /**
     * Mounts a filesystem.
     *
     * @param dataset which
     */
    public void mount(DatasetName dataset) {
        synchronized (host) {
            open(dataset).mounted(true);
        }
    }

    /**
     * Unmounts a filesystem and everything below it.
     *
     * @param dataset which
     */
    public void unmount(DatasetName dataset) {
        synchronized (host) {
            existing(dataset).walk(each -> each.mounted(false));
        }
    }

    /**
     * Creates an encrypted filesystem as someone does who types a passphrase; it is its own encryption root.
     *
     * @param dataset its name
     * @param passphrase at least 8 characters
     */
    public void createEncrypted(DatasetName dataset, String passphrase) {
        createEncrypted(dataset, "passphrase", passphrase.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Creates an encrypted filesystem as someone does who gives a key on standard input; it is its own encryption root.
     *
     * @param dataset its name
     * @param keyformat {@code raw}, {@code hex} or {@code passphrase}
     * @param key a key of that form
     */
    public void createEncrypted(DatasetName dataset, String keyformat, byte[] key) {
        synchronized (host) {
            DatasetCommands.create(
                    host,
                    dataset,
                    DatasetKind.FILESYSTEM,
                    0,
                    Map.of("encryption", "on", "keyformat", keyformat, "keylocation", "prompt"),
                    key);
        }
    }

    /**
     * Receives a stream as other tools do, with {@code zfs receive -F}: changes and newer snapshots go without a word, newer
     * bookmarks stay. The port offers no such thing.
     *
     * @param stream a whole stream
     * @param target where to
     * @throws IllegalStateException if it is refused
     */
    public void receiveForced(byte[] stream, DatasetName target) {
        synchronized (host) {
            ReceiveSession session = new ReceiveSession(host, ReceiveStream.into(target), true);
            session.feed(stream, 0, stream.length);
            session.end();
            Refusal refusal = session.refusal();
            if (refusal != null) {
                throw new IllegalStateException(refusal.text(), refusal);
            }
        }
    }

    void findKeyFilesHere() {
        synchronized (host) {
            host.findKeyFilesHere();
        }
    }

    /**
     * Puts a key where {@code keylocation} can point to.
     *
     * @param location such as {@code file:///etc/zfs/key}
     * @param key what is there
     */
    public void keyFile(String location, byte[] key) {
        synchronized (host) {
            host.keyFiles().put(location, key.clone());
        }
    }

    /**
     * Gives a property a received value, as a stream sent with {@code -p} would have.
     *
     * @param dataset whose
     * @param property native or user property
     * @param value its value
     */
    public void receivedProperty(DatasetName dataset, String property, String value) {
        synchronized (host) {
            existing(dataset).properties().receive(property, value);
        }
    }

    // ---- what goes wrong

    /**
     * Damages the blocks of a file, or of a region of a volume, on the disk: reading it fails from now on, in the dataset and in
     * all snapshots and clones that share it. What is written in its place is whole.
     *
     * @param dataset where it is now
     * @param path its name
     * @throws IllegalArgumentException if there is none
     */
    public void damage(DatasetName dataset, String path) {
        synchronized (host) {
            host.damage(existing(dataset).timeline().live().block(path));
        }
    }

    /**
     * Lets the next command of a sort fail without effect.
     *
     * @param which tells the command
     * @param kind how it fails
     */
    public void failNext(Predicate<ZfsCommand<?>> which, ZfsFailure.Kind kind) {
        synchronized (host) {
            faults.fail(which, kind, false);
        }
    }

    /**
     * Lets the next command of a sort take effect and its answer be lost.
     *
     * @param which tells the command
     * @param kind what the caller is told instead
     */
    public void loseAnswer(Predicate<ZfsCommand<?>> which, ZfsFailure.Kind kind) {
        synchronized (host) {
            faults.fail(which, kind, true);
        }
    }

    /**
     * Cuts all streams that this host starts to send from now on, as if the connection were lost.
     *
     * @param afterBytes how much of each gets through; {@link Long#MAX_VALUE} for no cut
     */
    public void cutStreams(long afterBytes) {
        synchronized (host) {
            faults.cutAll(afterBytes);
        }
    }

    /**
     * Cuts the next stream that this host starts to send and that is not spoken for yet.
     *
     * @param afterBytes how much of it gets through
     */
    public void cutNextStream(long afterBytes) {
        synchronized (host) {
            faults.cutNext(afterBytes);
        }
    }

    /**
     * Cuts the next stream that this host starts to receive and that is not spoken for yet, as if the connection to it were
     * lost: its end is not known to the caller, and it keeps what it has, if it was to be resumable.
     *
     * @param afterBytes how much of it arrives; where that is all of it, only the answer is lost
     */
    public void cutNextReceive(long afterBytes) {
        synchronized (host) {
            faults.cutNextReceive(afterBytes);
        }
    }

    /**
     * Lets the next stream that this host starts to send stand still after some bytes, until someone aborts it. Only for a host
     * with the time of a {@link VirtualConcurrency}.
     *
     * @param afterBytes how much of it gets through
     */
    public void stallNextStream(long afterBytes) {
        synchronized (host) {
            faults.stallNext(afterBytes);
        }
    }

    /**
     * Does something right before each command, with which others may interfere. Commands that it runs itself on this
     * host count nowhere and cause no further call.
     *
     * @param hook what to do; it replaces the one before
     */
    public void beforeEach(Consumer<ZfsCommand<?>> hook) {
        synchronized (host) {
            faults.beforeEach(hook);
        }
    }

    /**
     * Does something right before each stream is sent. As {@link #beforeEach}.
     *
     * @param hook what to do; it replaces the one before
     */
    public void beforeEachSend(Consumer<SendStream> hook) {
        synchronized (host) {
            faults.beforeSend(hook);
        }
    }

    /** Forgets what was planned to go wrong and has not yet, and who was to interfere. */
    public void forgetFaults() {
        synchronized (host) {
            faults.forget();
        }
    }

    /** Without the monitor: a hook may use other hosts, and other threads this one. */
    private void interfere(Runnable hook) {
        if (isInterfering()) {
            return;
        }
        Thread before;
        synchronized (host) {
            before = interfering;
            interfering = Thread.currentThread();
        }
        try {
            hook.run();
        } finally {
            synchronized (host) {
                interfering = before;
            }
        }
    }

    private boolean isInterfering() {
        synchronized (host) {
            return interfering == Thread.currentThread();
        }
    }

    // ---- what was asked for

    /**
     * The commands that were run so far, hooks left out.
     *
     * @return in their order
     */
    public List<ZfsCommand<?>> commandsRun() {
        synchronized (host) {
            return log.commands();
        }
    }

    /**
     * How many commands or streams of one type were run.
     *
     * @param type such as {@code ZfsCommand.ListDatasets.class}, {@code SendStream.class} or {@code ReceiveStream.class}
     * @return how many since the start or {@link #forgetLog()}
     */
    public int count(Class<?> type) {
        synchronized (host) {
            return log.count(type);
        }
    }

    /**
     * How often {@link #execute} was called: round trips, if this were another host.
     *
     * @return how often since the start or {@link #forgetLog()}
     */
    public int roundTrips() {
        synchronized (host) {
            return log.roundTrips();
        }
    }

    /**
     * Commands and streams that were run so far, one line each.
     *
     * @return in their order
     */
    public List<String> log() {
        synchronized (host) {
            return log.lines();
        }
    }

    /** Starts the log and the counters anew. */
    public void forgetLog() {
        synchronized (host) {
            log.forget();
        }
    }

    /** Makes a {@link FakeZfs}. Not thread-safe. */
    public static final class Builder {

        static final Long LARGE = 1L << 50;

        private long seed = 1;
        private ZfsVersion version = new ZfsVersion(2, 3, 2);
        private String host = "fake";
        private InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
        private Runnable pause = () -> {};
        private Runnable idle = () -> {
            throw new IllegalStateException("a stream can stand still only with the time of a VirtualConcurrency");
        };
        private Runnable roundTrip = () -> {};
        private Optional<VirtualConcurrency> time = Optional.empty();
        private final Map<String, Long> pools = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Where GUIDs come from. Two hosts that meet should differ in it.
         *
         * @param newSeed 1 without this
         * @return this builder
         */
        public Builder seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        /**
         * Which OpenZFS to be like: 2.3 or 2.1. The latter tells neither when snapshots of a dataset changed nor when a hold
         * was set, says of a held snapshot that it is busy, and does not carry on a stream that was once refused. In all else
         * that {@code ZfsContractTest} asks, 2.1.11 does what 2.3.2 does.
         *
         * @param major 2
         * @param minor 3 without this
         * @return this builder
         * @throws IllegalArgumentException if it is another version
         */
        public Builder openzfs(int major, int minor) {
            if (major != 2 || minor != 1 && minor != 3) {
                throw new IllegalArgumentException(
                        "OpenZFS " + major + "." + minor + " is not modelled; 2.1 and 2.3 are");
            }
            version = minor == 1 ? new ZfsVersion(2, 1, 11) : new ZfsVersion(2, 3, 2);
            return this;
        }

        /**
         * What to call the host.
         *
         * @param newHost {@code fake} without this
         * @return this builder
         */
        public Builder host(String newHost) {
            host = newHost;
            return this;
        }

        /**
         * Where the time comes from.
         *
         * @param newClock it stands still without this
         * @return this builder
         */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /**
         * Where the time comes from. With a {@link VirtualConcurrency}, each command and each piece of a stream is also a
         * point where another thread may come in.
         *
         * @param concurrency the one that the tested code uses
         * @return this builder
         */
        public Builder concurrency(Concurrency concurrency) {
            clock = concurrency::now;
            if (concurrency instanceof VirtualConcurrency virtual) {
                pause = virtual::giveWay;
                idle = () -> sleep(virtual, Duration.ofSeconds(1));
                time = Optional.of(virtual);
            }
            return this;
        }

        /**
         * How far away the host is: what each list of commands, and the start of each stream, waits for an answer.
         *
         * @param latency the time there and back; none without this
         * @return this builder
         * @throws IllegalStateException if no {@link VirtualConcurrency} was given before
         */
        public Builder roundTrip(Duration latency) {
            VirtualConcurrency virtual =
                    time.orElseThrow(() -> new IllegalStateException("give it a VirtualConcurrency first"));
            roundTrip = () -> sleep(virtual, latency);
            return this;
        }

        private static void sleep(VirtualConcurrency virtual, Duration duration) {
            try {
                virtual.sleep(duration);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /**
         * Adds a pool. Without any, there are {@code tank} and {@code backup}.
         *
         * @param name its name
         * @param bytes its size
         * @return this builder
         */
        public Builder pool(String name, long bytes) {
            pools.put(name, bytes);
            return this;
        }

        /**
         * A new host.
         *
         * @return it
         */
        public FakeZfs build() {
            return new FakeZfs(this);
        }
    }
}
