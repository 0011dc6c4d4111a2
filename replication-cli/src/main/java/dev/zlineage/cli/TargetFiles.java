// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.run.Cancellation;
import dev.zlineage.scheduler.tick.TargetLockException;
import dev.zlineage.scheduler.tick.TargetLocks;
import dev.zlineage.scheduler.tick.TargetTree;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Locks of targets that all processes of a host see: a directory for each pool, a file for each tree that is written into. The kernel
 * lets a lock go when its process dies, so that nothing has to be tidied up before the next run; a file without a lock is what
 * somebody left who died.
 */
final class TargetFiles implements TargetLocks {

    private static final String LOCK = ".lock";
    private static final Duration LOOK = Duration.ofMillis(250);

    /** The table of a pool is held for moments only, unless its process stands still. */
    private static final Duration TABLE = Duration.ofSeconds(10);

    /** To close a file gives up every lock that this process has on it, so that it must not open its own ones again. */
    private static final Map<Path, Held> OURS = new HashMap<>();

    private static final ReentrantLock GATE = new ReentrantLock();

    private record Held(FileChannel channel, LockHolder who, Holder run) {}

    private final Path directory;
    private final String command;
    private final Optional<Duration> patience;

    /**
     * @param patience how long others are waited for; empty for as long as it takes
     */
    TargetFiles(Path directory, String command, Optional<Duration> patience) {
        this.directory = directory;
        this.command = command;
        this.patience = patience;
    }

    @Override
    public Holder open() {
        return new OfRun();
    }

    private final class OfRun implements Holder {

        private final List<Path> files = new ArrayList<>();

        @Override
        public Optional<String> take(TargetTree tree, String task, Consumer<String> waits, Cancellation cancellation)
                throws InterruptedException {
            LockHolder who = LockHolder.of(tree.top().value(), task.isEmpty() ? command : command + ", task " + task);
            long begin = System.nanoTime();
            Optional<String> told = Optional.empty();
            Optional<String> other = attempt(tree, who);
            while (other.isPresent() && !cancellation.isCancelled() && mayWait(begin)) {
                if (!other.equals(told)) {
                    waits.accept(other.get());
                    told = other;
                }
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
                other = attempt(tree, who);
            }
            return other;
        }

        private boolean mayWait(long begin) {
            return patience.map(longest -> System.nanoTime() - begin < longest.toNanos())
                    .orElse(true);
        }

        private Optional<String> attempt(TargetTree tree, LockHolder who) throws InterruptedException {
            GATE.lock();
            try {
                Path pool = pool(tree);
                try (FileChannel table = open(pool.resolve("table"))) {
                    if (!lock(table)) {
                        return Optional.of("a process that stands still looks at " + pool);
                    }
                    return take(pool, who);
                }
            } catch (ClosedByInterruptException e) {
                throw new InterruptedException();
            } catch (IOException e) {
                throw new TargetLockException(
                        who.top() + " can't be locked: " + e + "; see to " + directory
                                + ", or name another directory by --locks",
                        e);
            } finally {
                GATE.unlock();
            }
        }

        /** A link would lead to files that are none of ours, and those without a lock are deleted. */
        private Path pool(TargetTree tree) throws IOException {
            Path place = Files.createDirectories(directory).toRealPath();
            Path pool = place.resolve(tree.pool().hex());
            try {
                Files.createDirectory(pool);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(pool, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException(pool + " is no directory, or a link to one", e);
                }
            }
            DirectoryMode.of(place).onDirectory(pool);
            return pool;
        }

        private static boolean lock(FileChannel table) throws IOException, InterruptedException {
            long begin = System.nanoTime();
            while (table.tryLock() == null) {
                if (System.nanoTime() - begin > TABLE.toNanos()) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
            return true;
        }

        private Optional<String> take(Path pool, LockHolder who) throws IOException {
            for (Path file : locks(pool)) {
                Held ours = OURS.get(file);
                Optional<LockHolder> holder = ours == null ? living(file) : Optional.of(ours.who());
                boolean mine = ours != null && ours.run() == this;
                if (!mine && holder.filter(other -> overlap(other, who)).isPresent()) {
                    return holder.map(LockHolder::words);
                }
            }
            Path file = pool.resolve(name(who));
            if (!OURS.containsKey(file)) {
                hold(file, who);
            }
            return Optional.empty();
        }

        private void hold(Path file, LockHolder who) throws IOException {
            FileChannel channel = open(file);
            try {
                if (channel.tryLock() == null) {
                    throw new IOException(file + " is locked by something else than zlineage");
                }
                who.write(channel);
                OURS.put(file, new Held(channel, who, this));
                files.add(file);
            } finally {
                if (!OURS.containsKey(file)) {
                    channel.close();
                }
            }
        }

        @Override
        public void close() {
            GATE.lock();
            try {
                for (Path file : files) {
                    try {
                        release(file, OURS.remove(file));
                    } catch (IOException e) {
                        // the next one who looks finds it without a lock
                    }
                }
            } finally {
                files.clear();
                GATE.unlock();
            }
        }
    }

    /**
     * Makes a file only where there is none: in a directory that everybody may write, Linux refuses to open a file of somebody else
     * by a call that would make it.
     */
    private static FileChannel open(Path file) throws IOException {
        DirectoryMode mode = DirectoryMode.of(file.resolveSibling(""));
        FileChannel channel = opened(file);
        mode.onFile(file);
        return channel;
    }

    private static FileChannel opened(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return made(file);
        }
    }

    private static FileChannel made(Path file) throws IOException {
        try {
            return FileChannel.open(
                    file,
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
        } catch (FileAlreadyExistsException e) {
            return opened(file); // another one was quicker
        }
    }

    private static void release(Path file, Held held) throws IOException {
        try {
            Files.deleteIfExists(file); // while it is locked: nobody else can have one of this name
        } finally {
            held.channel().close();
        }
    }

    private static List<Path> locks(Path pool) throws IOException {
        try (Stream<Path> files = Files.list(pool)) {
            return files.filter(file -> file.getFileName().toString().endsWith(LOCK))
                    .sorted()
                    .toList();
        }
    }

    /** A shared lock can be asked for by who may only read. */
    private static Optional<LockHolder> living(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            FileLock free = channel.tryLock(0, Long.MAX_VALUE, true);
            if (free == null) {
                return Optional.of(LockHolder.read(channel));
            }
            delete(file);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty(); // its run has just ended
        }
    }

    private static void delete(Path file) throws IOException {
        try {
            Files.deleteIfExists(file);
        } catch (FileSystemException e) {
            // somebody else's, who has died; without a lock it is in nobody's way
        }
    }

    private static String name(LockHolder who) {
        return UUID.nameUUIDFromBytes(who.path().getBytes(StandardCharsets.UTF_8)) + LOCK;
    }

    private static boolean overlap(LockHolder one, LockHolder other) {
        return within(one.path(), other.path()) || within(other.path(), one.path());
    }

    private static boolean within(String path, String above) {
        return path.equals(above) || path.startsWith(above + "/");
    }
}
