// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an engine could do wrong, done between the engine and a host, to see that the {@link Witness} finds it. Each is one that
 * a real tool was seen to make, or that a careless change of ours could bring.
 */
enum Mistake {
    /** The engine as it is. */
    NONE,

    /** Makes no bookmarks, and counts on snapshots alone. */
    NO_BOOKMARKS {
        @Override
        Optional<Answer<?>> instead(Zfs door, ZfsCommand<?> command) {
            return command instanceof ZfsCommand.CreateBookmark ? Optional.of(DONE) : Optional.empty();
        }
    },

    /** Throws the old bookmark away as soon as there is a new one, before anything arrived. */
    BOOKMARK_PROMOTED_EARLY {
        @Override
        Optional<Answer<?>> instead(Zfs door, ZfsCommand<?> command) {
            if (!(command instanceof ZfsCommand.CreateBookmark mark)) {
                return Optional.empty();
            }
            Answer<?> answer = door.execute(command);
            history(door, mark.bookmark().dataset()).bookmarks().stream()
                    .filter(b -> b.label().startsWith("zl1-")
                            && !b.label().equals(mark.bookmark().label()))
                    .forEach(b -> door.execute(new ZfsCommand.DestroyBookmark(
                            mark.bookmark().dataset().bookmark(b.label()))));
            return Optional.of(answer);
        }
    },

    /** Destroys bookmarks of others together with its own. */
    BOOKMARKS_OF_OTHERS {
        @Override
        Optional<Answer<?>> instead(Zfs door, ZfsCommand<?> command) {
            if (command instanceof ZfsCommand.DestroyBookmark mark) {
                history(door, mark.bookmark().dataset()).bookmarks().stream()
                        .filter(b -> !b.label().startsWith("zl1-"))
                        .forEach(b -> door.execute(new ZfsCommand.DestroyBookmark(
                                mark.bookmark().dataset().bookmark(b.label()))));
            }
            return Optional.empty();
        }
    },

    /** Holds nothing. */
    NO_HOLD {
        @Override
        Optional<Answer<?>> instead(Zfs door, ZfsCommand<?> command) {
            return command instanceof ZfsCommand.Hold ? Optional.of(DONE) : Optional.empty();
        }
    },

    /** Leaves its holds where they are. */
    NO_RELEASE {
        @Override
        Optional<Answer<?>> instead(Zfs door, ZfsCommand<?> command) {
            return command instanceof ZfsCommand.Release ? Optional.of(DONE) : Optional.empty();
        }
    },

    /** Releases the holds of others too. */
    HOLDS_OF_OTHERS {
        @Override
        Optional<Answer<?>> instead(Zfs door, ZfsCommand<?> command) {
            if (command instanceof ZfsCommand.Release release) {
                release.snapshots().forEach(s -> door.execute(new ZfsCommand.Release("theirs", List.of(s))));
            }
            return Optional.empty();
        }
    },

    /** Believes in exit codes: what was sent counts as there. */
    VERIFIED_BY_EXIT_CODE {
        @Override
        Zfs door(Zfs door, Universe universe) {
            return new Wrong(door, this) {
                @Override
                public List<Answer<?>> execute(List<? extends ZfsCommand<?>> commands) {
                    List<Answer<?>> answers = new ArrayList<>();
                    super.execute(commands).forEach(answer -> answers.add(believed(answer)));
                    return answers;
                }

                @SuppressWarnings("unchecked")
                private <T> Answer<T> believed(Answer<T> answer) {
                    if (!host().equals("vault")
                            || !(answer instanceof Answer.Done<T> done)
                            || !(done.value() instanceof Map<?, ?> map)) {
                        return answer;
                    }
                    Map<Object, Object> all = new HashMap<>(map);
                    all.replaceAll((name, value) -> value instanceof History seen && name instanceof DatasetName copy
                            ? withAllOf(universe, seen, copy)
                            : value);
                    return new Answer.Done<>((T) all);
                }
            };
        }

        private History withAllOf(Universe universe, History seen, DatasetName copy) {
            if (!Universe.COPY.equals(copy) && !Universe.COPY.contains(copy)) {
                return seen;
            }
            History source = history(universe.nas, copy.rebase(Universe.COPY, Universe.DATA));
            return source.snapshots().isEmpty() || seen.snapshots().isEmpty() ? seen : source;
        }
    },

    /** Rolls every target back before it receives. */
    FORCED_RECEIVE {
        @Override
        void beforeReceiving(Zfs door, ReceiveStream stream) {
            history(door, stream.target())
                    .newestSnapshot()
                    .ifPresent(s ->
                            door.execute(new ZfsCommand.Rollback(stream.target().snapshot(s.label()), false)));
        }
    },

    /** Rolls back further than the plan says. */
    ROLLED_BACK_TOO_FAR {
        @Override
        Optional<Answer<?>> instead(Zfs door, ZfsCommand<?> command) {
            if (command instanceof ZfsCommand.Rollback back) {
                List<Snapshot> all = history(door, back.snapshot().dataset()).snapshots();
                SnapshotName oldest =
                        back.snapshot().dataset().snapshot(all.get(0).label());
                return Optional.of(door.execute(new ZfsCommand.Rollback(oldest, true)));
            }
            return Optional.empty();
        }
    },

    /** Destroys what was set aside. */
    DESTROYED_BEFORE_PROOF {
        @Override
        Optional<Answer<?>> instead(Zfs door, ZfsCommand<?> command) {
            if (command instanceof ZfsCommand.RenameDataset rename && SetAside.isAside(rename.to())) {
                door.execute(new ZfsCommand.DestroyDataset(rename.from(), Scope.SUBTREE));
                return Optional.of(DONE);
            }
            return Optional.empty();
        }
    },

    /** Destroys a target before it is sent anew. */
    DESTROYED_BEFORE_SENDING {
        @Override
        void beforeReceiving(Zfs door, ReceiveStream stream) {
            SetAside.target(stream.target())
                    .ifPresent(old -> door.execute(new ZfsCommand.DestroyDataset(old, Scope.SUBTREE)));
        }
    },

    /** Discards what an interrupted receive left, whatever it is worth. */
    DISCARDED_TOKENS {
        @Override
        void beforeReceiving(Zfs door, ReceiveStream stream) {
            door.execute(new ZfsCommand.AbortReceive(stream.target()));
        }
    },

    /** Retention that has never heard of a replication. */
    RETENTION_OF_BASES {
        @Override
        boolean knowsReplications() {
            return false;
        }
    },

    /** Retention that takes every snapshot for its own. */
    RETENTION_OF_OTHERS {
        @Override
        boolean knowsOthers() {
            return false;
        }
    },

    /** Retention that lets go of what others hold. */
    RETENTION_OF_HELD {
        @Override
        Optional<Answer<?>> instead(Zfs door, ZfsCommand<?> command) {
            if (command instanceof ZfsCommand.DestroySnapshots destroy) {
                destroy.labels()
                        .forEach(label -> door.execute(new ZfsCommand.Release(
                                "theirs", List.of(destroy.dataset().snapshot(label)))));
            }
            return Optional.empty();
        }
    },

    /** Retention that destroys from one snapshot to another, with what lies between. */
    RETENTION_OF_RANGES {
        @Override
        Optional<Answer<?>> instead(Zfs door, ZfsCommand<?> command) {
            if (!(command instanceof ZfsCommand.DestroySnapshots destroy)) {
                return Optional.empty();
            }
            List<String> all = history(door, destroy.dataset()).snapshots().stream()
                    .map(Snapshot::label)
                    .toList();
            List<Integer> places = destroy.labels().stream()
                    .map(all::indexOf)
                    .filter(place -> place >= 0)
                    .sorted()
                    .toList();
            return places.isEmpty()
                    ? Optional.empty()
                    : Optional.of(door.execute(new ZfsCommand.DestroySnapshots(
                            destroy.dataset(), all.subList(places.get(0), places.get(places.size() - 1) + 1))));
        }
    },

    /** Retention that takes the newest along. */
    RETENTION_OF_THE_NEWEST {
        @Override
        Optional<Answer<?>> instead(Zfs door, ZfsCommand<?> command) {
            if (command instanceof ZfsCommand.DestroySnapshots destroy) {
                history(door, destroy.dataset())
                        .newestSnapshot()
                        .ifPresent(newest -> door.execute(
                                new ZfsCommand.DestroySnapshots(destroy.dataset(), List.of(newest.label()))));
            }
            return Optional.empty();
        }
    },

    /** Takes its snapshot once more, under another name. */
    SNAPSHOT_TAKEN_TWICE {
        @Override
        Optional<Answer<?>> instead(Zfs door, ZfsCommand<?> command) {
            if (command instanceof ZfsCommand.TakeSnapshots take) {
                door.execute(new ZfsCommand.TakeSnapshots(
                        take.names().stream()
                                .map(name -> name.dataset().snapshot(name.label() + "-again"))
                                .toList(),
                        take.scope(),
                        Map.of()));
            }
            return Optional.empty();
        }
    };

    private static final Answer<Effect> DONE = new Answer.Done<>(Effect.DONE);

    /** The door as such an engine would use it. */
    Zfs door(Zfs door, Universe universe) {
        return door(door);
    }

    /** The same, where what it does wrong needs no look at both hosts. */
    final Zfs door(Zfs door) {
        return this == NONE ? door : new Wrong(door, this);
    }

    /** What is done in the place of a command. */
    Optional<Answer<?>> instead(Zfs door, ZfsCommand<?> command) {
        return Optional.empty();
    }

    void beforeReceiving(Zfs door, ReceiveStream stream) {}

    /** Whether retention asks what replications go on from. */
    boolean knowsReplications() {
        return true;
    }

    /** Whether retention leaves snapshots alone that are not its own. */
    boolean knowsOthers() {
        return true;
    }

    private static History history(Zfs door, DatasetName name) {
        return door.execute(new ZfsCommand.ListHistories(List.of(name), Scope.SELF))
                        instanceof Answer.Done<Map<DatasetName, History>> done
                ? done.value().getOrDefault(name, History.EMPTY)
                : History.EMPTY;
    }

    private static class Wrong extends Through {

        private final Mistake mistake;

        Wrong(Zfs door, Mistake mistake) {
            super(door);
            this.mistake = mistake;
        }

        @Override
        public List<Answer<?>> execute(List<? extends ZfsCommand<?>> commands) {
            List<Answer<?>> answers = new ArrayList<>();
            for (ZfsCommand<?> command : commands) {
                answers.add(mistake.instead(door, command)
                        .orElseGet(() -> door.execute(List.of(command)).get(0)));
            }
            return answers;
        }

        @Override
        public StreamOffer<StreamSink> receive(ReceiveStream stream) {
            mistake.beforeReceiving(door, stream);
            return door.receive(stream);
        }
    }
}
