// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import dev.zlineage.cli.definition.Shape.Either;
import dev.zlineage.cli.definition.Shape.Field;
import dev.zlineage.cli.definition.Shape.Flag;
import dev.zlineage.cli.definition.Shape.Form;
import dev.zlineage.cli.definition.Shape.Named;
import dev.zlineage.cli.definition.Shape.Text;
import dev.zlineage.cli.definition.Shape.Texts;
import dev.zlineage.cli.definition.Shape.Variants;
import dev.zlineage.cli.definition.Shape.WholeNumber;
import dev.zlineage.cli.definition.Shape.Words;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.zfs.KeyFormat;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.RunRules;
import dev.zlineage.scheduler.task.StreamChoice;
import dev.zlineage.scheduler.task.TargetRetention;
import dev.zlineage.scheduler.task.TaskTransport;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The fields of a definition file: all that there are, what they may hold and what they are without being given. Said here once,
 * for the reader and for the schema.
 */
final class Format {

    private static final Text TEXT = new Text(Optional.empty(), false);
    private static final Text SECRET = new Text(Optional.empty(), true);
    private static final Texts TEXTS = new Texts();
    private static final Flag NO = new Flag(false);
    private static final Flag YES = new Flag(true);
    private static final WholeNumber PORT = new WholeNumber(1, 65535, Optional.empty());

    private static final Form SCHEDULE = form(
            "schedule",
            "When: five fields of cron, and a part of the day, by the clock of the file's timezone.",
            optional("minute", text("00"), "Minutes, such as 0, */15 or 0,30."),
            optional("hour", text("*"), "Hours, such as 3, 8-18 or */6."),
            optional("day-of-month", text("*"), "Days of the month, such as 1 or 1,15."),
            optional("month", text("*"), "Months, such as 1 or jan-jun."),
            optional("day-of-week", text("*"), "Days of the week, such as mon-fri; 1 is Monday."),
            optional(
                    "begin", TEXT, "The first minute of the day that counts, such as 09:00. After the end: overnight."),
            optional("end", TEXT, "The last minute of the day that counts, such as 18:00."));

    private static final Form LOCAL =
            form("local", "On this host.", needed("type", words("local"), "Both sides are on this host."));

    private static final Form SSH = overSsh("ssh", "ssh", "On another host, over SSH.");

    private static final Form NETCAT = overSsh(
            "ssh-netcat",
            "ssh+netcat",
            "On another host, over SSH. There is no channel beside SSH: all of it goes over SSH, encrypted.",
            needed("active-side", words(TaskTransport.Side.class), "The side that would listen. Has no effect."),
            optional("active-side-listen-address", TEXT, "Has no effect."),
            optional("active-side-min-port", PORT, "Has no effect."),
            optional("active-side-max-port", PORT, "Has no effect."),
            optional("passive-side-connect-address", TEXT, "Has no effect."));

    private static final Variants TRANSPORT =
            new Variants("type", "Where the other side is: local, ssh or ssh+netcat.", List.of(LOCAL, SSH, NETCAT));

    private static final Form SNAPSHOTS = form(
            "periodic-snapshot-task",
            "Snapshots that are taken again and again.",
            needed("dataset", TEXT, "What snapshots are taken of, such as tank/data."),
            optional("recursive", NO, "Of everything below it too, at one moment."),
            optional("exclude", TEXTS, "Datasets below it, or globs, whose snapshots do not stay."),
            optional("lifetime", TEXT, "How long they are kept, such as P2W or P1Y (ISO 8601). Without it, for ever."),
            optional("naming-schema", text("auto-%Y-%m-%d_%H-%M"), "How they are called, with the fields of strftime."),
            needed("schedule", SCHEDULE, "When they are taken, such as {minute: \"0\", hour: \"*\"}."),
            optional("allow-empty", YES, "Keep a snapshot although nothing was written since the one before."),
            optional("enabled", YES, "Whether the task runs."),
            optional("zlineage", OwnSnapshotFields.FORM, "What only zlineage understands."));

    private static final Form LIFETIME = form(
            "lifetime",
            "How long some of the snapshots of a target are kept.",
            needed("schedule", SCHEDULE, "Those that were taken at these times."),
            needed("lifetime", TEXT, "How long, such as P1Y (ISO 8601)."));

    private static final Form ENCRYPTION = form(
            "encryption",
            "Targets that do not exist yet are encrypted by a key of their own.",
            needed("key", SECRET, "The key: 64 hexadecimal digits, or a passphrase of 8 to 512 bytes."),
            needed("key-format", words(KeyFormat.class), "What the key is: hex or passphrase."),
            needed(
                    "key-location",
                    TEXT,
                    "The absolute path of the file on the target that will hold the key, or $TrueNAS to hand it over to the key-sink."));

    private static final Form OWN = form(
            "own-options",
            "What a replication task says that only zlineage understands.",
            optional(
                    "parallel",
                    new WholeNumber(1, OwnOptions.MOST_PARALLEL, Optional.of((long) OwnOptions.DEFAULTS.parallel())),
                    "How many datasets are sent at the same time."),
            optional(
                    "stall",
                    text(OwnOptions.DEFAULTS.stall().toString()),
                    "For how long no byte of a stream may move before it is cut and carried on (ISO 8601)."),
            optional(
                    "on-divergence",
                    new Words(List.copyOf(RemedyWords.ALL.keySet()), Optional.empty()),
                    "What is done where the target has something of its own, as --diverged of 'run'. Without it, that is"
                            + " refused, or as allow-from-scratch says."),
            optional(
                    "trust-bookmarks",
                    NO,
                    "Go on from a bookmark although the source is read-only, and so may be a replica that was rolled"
                            + " back. Only if it never was."),
            optional(
                    "ignore-room",
                    NO,
                    "Send a new dataset in full although the target has less room than it takes on the source."),
            optional(
                    "tagged",
                    TEXT,
                    "Send the snapshots on which this user property is set, NAME or NAME=VALUE, in place of schemas and"
                            + " expressions."),
            optional(
                    "clones",
                    YES,
                    "Keep clones as clones of the copy of what they are clones of, where that is replicated too."),
            optional(
                    "key-sink",
                    TEXT,
                    "The absolute path of a program of this host that keeps the keys of targets whose key-location is"
                            + " $TrueNAS: called with the target and the format, and the key on its standard input."),
            optional(
                    "keep-encryption-roots",
                    NO,
                    "Let what is sent raw take part in the encryption of the same root on the target as on the source."),
            optional(
                    "let-through",
                    TEXTS,
                    "Which of mountpoint, sharenfs and sharesmb the targets take from their source, where properties go along."
                            + " A copy that takes them can come to stand in the place of its source."),
            optional("include", TEXTS, "Datasets, or globs, that are sent although something above them is excluded."),
            optional(
                    "targets",
                    new Named(TEXT),
                    "Where single sources go, by source, such as {tank/a: backup/x}, in the place of target-dataset."),
            optional(
                    "prune",
                    TEXT,
                    "For how long a dataset has to be gone on the source before its copy is destroyed (ISO 8601, such as"
                            + " P7D). Without it, copies stay."),
            optional(
                    "keep",
                    KeepFields.FORM,
                    "With custom: of which periods the newest snapshot stays on the target when its lifetime is over."),
            optional(
                    "after",
                    TEXTS,
                    "The replication tasks after which it runs by itself, once they have ended well; for tasks with auto and"
                            + " without a schedule."),
            optional(
                    "speed-limits",
                    SpeedLimitFields.SHAPE,
                    "Bytes a second at most by the time of the day, such as 08:00-18:00: 10M; none for no limit. Outside of"
                            + " these times speed-limit holds."),
            optional(
                    "missed",
                    words(RunRules.Missed.class, RunRules.DEFAULT.missed()),
                    "Of times at which the daemon was not there: run none of them (skip), the latest for all (once), or each"
                            + " (all)."),
            optional("staleness", TEXT, "Skip a run that has waited for longer than this (ISO 8601, such as PT6H)."),
            optional("jitter", text("PT0S"), "Spread the starts of the daemon over so long (ISO 8601, such as PT5M)."),
            optional(
                    "priority",
                    new WholeNumber(-1000, 1000, Optional.of(0L)),
                    "Of tasks that wait in the daemon, the highest begins first; an hour of waiting counts as one."),
            optional("deadline", TEXT, "End a run of the daemon that takes longer than this (ISO 8601, such as PT8H)."),
            optional(
                    "end-with-window",
                    NO,
                    "End a run of the daemon when the part of the day is over to which the schedule is restricted."));

    private static final Form REPLICATION = form(
            "replication-task",
            "Datasets that are sent to a target.",
            needed("direction", words(Direction.class), "push: the sources are on this host. pull: the target is."),
            needed("transport", new Either(TEXT, TRANSPORT), "The other side, or the name of one of the transports."),
            needed("source-dataset", TEXTS, "What is sent, one or several, such as tank/data."),
            optional(
                    "target-dataset",
                    TEXT,
                    "Where it goes, such as backup/data; several sources go below it. Needed unless each source has its"
                            + " own in zlineage: targets."),
            optional("recursive", NO, "Everything below the sources too."),
            optional("exclude", TEXTS, "Datasets below them, or globs, that are not sent."),
            optional("properties", YES, "Send the properties of the sources."),
            optional("properties-exclude", TEXTS, "Properties that are not taken over."),
            optional("properties-override", new Named(TEXT), "Properties that get another value on the target."),
            optional(
                    "replicate",
                    NO,
                    "A full filesystem: all below it with properties, clones and every snapshot, whatever is selected."),
            optional("encryption", new Either(words("inherit"), ENCRYPTION), "How new targets are encrypted."),
            optional("periodic-snapshot-tasks", TEXTS, "Tasks whose snapshots are sent; for push tasks."),
            optional("naming-schema", TEXTS, "How the snapshots are called that are sent; for pull tasks."),
            optional("also-include-naming-schema", TEXTS, "How further ones are called; for push tasks."),
            optional("name-regex", TEXT, "In the place of these, an expression that whole names match."),
            optional("auto", NO, "Run after the periodic snapshot tasks, or as scheduled; otherwise only by hand."),
            optional("schedule", SCHEDULE, "When the task runs, if not after its periodic snapshot tasks."),
            optional("restrict-schedule", SCHEDULE, "Send only snapshots that were taken at these times."),
            optional("only-matching-schedule", NO, "Send only snapshots that were taken at the times of schedule."),
            optional("allow-from-scratch", NO, "Send anew what has nothing in common; the old copy is set aside."),
            optional("only-from-scratch", NO, "Refuse targets that are there already."),
            optional(
                    "readonly",
                    words(ReadonlyPolicy.class, ReadonlyPolicy.IGNORE),
                    "set makes targets read-only, require refuses those that are writable, ignore leaves it as it is."),
            optional("mount", YES, "Mount new targets."),
            optional("hold-pending-snapshots", NO, "Keep what is still to be sent from being destroyed."),
            needed(
                    "retention-policy",
                    words(TargetRetention.Policy.class),
                    "source: what the source has no more goes. custom: by lifetimes. none: all stays."),
            optional(
                    "lifetime",
                    TEXT,
                    "With custom: how long those are kept that no other lifetime is for, such as P180D."),
            optional(
                    "lifetimes",
                    new Named(LIFETIME),
                    "With custom: how long those of certain times are kept, by name."),
            optional(
                    "compression",
                    words(StreamChoice.Compression.class),
                    "Has no effect; compressed: true leaves blocks compressed as they are on disk."),
            optional("speed-limit", new WholeNumber(1, Long.MAX_VALUE, Optional.empty()), "Bytes a second, at most."),
            optional("large-block", NO, "Leave blocks over 128 KiB whole."),
            optional("embed", NO, "Send small blocks within their pointers."),
            optional("compressed", NO, "Send blocks as they are compressed on disk."),
            optional("dedup", NO, "Has no effect: OpenZFS sends no deduplicated streams any more."),
            optional(
                    "retries",
                    new WholeNumber(1, Integer.MAX_VALUE, Optional.of(5L)),
                    "Attempts of each dataset that bring nothing, until it is given up."),
            optional("logging-level", TEXT, "Has no effect."),
            optional("enabled", YES, "Whether the task runs."),
            optional("zlineage", OWN, "What only zlineage understands."));

    /** A whole file. */
    static final Form FILE = form(
            "definition",
            "Which ZFS snapshots are taken, and what is replicated.",
            optional(
                    "timezone",
                    TEXT,
                    "The zone of schedules and of names, such as Europe/Berlin. Without it, the host's."),
            optional(
                    "max-parallel-replication-tasks",
                    new WholeNumber(1, Integer.MAX_VALUE, Optional.empty()),
                    "Has no effect yet: tasks run one after another."),
            optional("use-removal-dates", NO, "The property zlineage:destroy_at of a snapshot counts too."),
            optional("transports", new Named(TRANSPORT), "Other sides, by names that replication tasks give."),
            optional("periodic-snapshot-tasks", new Named(SNAPSHOTS), "What takes snapshots, by name."),
            optional(
                    "replication-tasks", new Named(REPLICATION), "What replicates, by name, in the order of the run."));

    private Format() {}

    private static Form overSsh(String name, String type, String description, Field... more) {
        Stream<Field> fields = Stream.of(
                needed("type", words(type), "The other side is on another host."),
                needed("hostname", TEXT, "The other host, by name or address."),
                optional("port", new WholeNumber(1, 65535, Optional.of(22L)), "The port of its SSH server."),
                optional("username", text("root"), "Whom to log in as."),
                optional(
                        "private-key",
                        SECRET,
                        "The text of a key, or the absolute path of its file. Without it, the keys of --ssh-key are"
                                + " offered, or those of ~/.ssh."),
                needed(
                        "host-key",
                        TEXT,
                        "The keys that the host may prove to be itself by, one a line: what 'ssh-keyscan -t ed25519 HOST'"
                                + " prints behind the name. Without it anybody could pose as the host."),
                optional(
                        "connect-timeout",
                        new WholeNumber(1, Integer.MAX_VALUE, Optional.of(10L)),
                        "Seconds that a connection may take to come about."),
                optional("sudo", NO, "Run zfs by sudo there. Ignored for root."),
                optional("cipher", words("standard", "fast"), "Has no effect."));
        return form(name, description, Stream.concat(fields, Stream.of(more)).toArray(Field[]::new));
    }

    private static Form form(String name, String description, Field... fields) {
        return new Form(name, description, List.of(fields));
    }

    private static Field needed(String name, Shape shape, String description) {
        return new Field(name, shape, true, description);
    }

    private static Field optional(String name, Shape shape, String description) {
        return new Field(name, shape, false, description);
    }

    private static Text text(String otherwise) {
        return new Text(Optional.of(otherwise), false);
    }

    private static Words words(String... words) {
        return new Words(List.of(words), Optional.empty());
    }

    /** The constants of an enum. */
    private static <E extends Enum<E>> Words words(Class<E> type) {
        return new Words(Stream.of(type.getEnumConstants()).map(Words::word).toList(), Optional.empty());
    }

    private static <E extends Enum<E>> Words words(Class<E> type, E otherwise) {
        return new Words(words(type).words(), Optional.of(Words.word(otherwise)));
    }
}
