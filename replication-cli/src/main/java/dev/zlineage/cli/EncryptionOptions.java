// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.run.KeySink;
import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.InvalidRequestException.Problem;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.KeyFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How new targets are encrypted. */
final class EncryptionOptions {

    @Option(
            names = "--encryption",
            paramLabel = "HOW",
            description =
                    "How targets that do not exist yet are encrypted: inherit by what is above, which has to be; hex or"
                            + " passphrase by a key of their own, from --key-file. Without it they are as the source where that is"
                            + " encrypted, which is sent raw, and otherwise as what is above.")
    private @Nullable String how;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "With --encryption hex or passphrase: a file of this host whose first line is the key.")
    private @Nullable Path keyFile;

    @Option(
            names = "--key-location",
            paramLabel = "PATH",
            description =
                    "With --encryption hex or passphrase: the file of the target's host in which the key is kept, for"
                            + " keylocation. It is written for its owner alone; one that is there must hold the same key.")
    private @Nullable String location;

    @Option(
            names = "--key-sink",
            paramLabel = "PROGRAM",
            description =
                    "In place of --key-location, and of a FILE for key-location: $TrueNAS: a program of this host that keeps"
                            + " the key, once the target is there. It gets the target and the format as arguments and the key on"
                            + " its standard input. On the target the key is in no file then.")
    private @Nullable Path sink;

    @Option(
            names = "--keep-encryption-roots",
            description =
                    "Let what is sent raw and shares a key on the source share it on the target too, where its key and that of"
                            + " the root are loaded there. Otherwise each dataset is the root of its own encryption.")
    private boolean keepRoots;

    /** Who keeps keys. */
    Optional<KeySink> sink(Environment environment) {
        return Optional.ofNullable(sink)
                .map(program -> new ProgramKeySink(
                        program.toAbsolutePath().toString(), environment.hosts().programs()));
    }

    void apply(ReplicationRequest.Builder builder) {
        List<Problem> problems = new ArrayList<>();
        if (how == null || how.equals("inherit")) {
            forbid("--key-file", keyFile, problems);
            forbid("--key-location", location, problems);
            forbid("--key-sink", sink, problems);
            builder.encryption(
                    how == null ? new EncryptionChoice.AsItComes(keepRoots) : new EncryptionChoice.Inherited());
        } else if (how.equals("hex") || how.equals("passphrase")) {
            require("--key-file", keyFile, problems);
            if ((location == null) == (sink == null)) {
                problems.add(new Problem(
                        "--key-location",
                        "a target with a key of its own needs it, or --key-sink in its place; give one of the two"));
            } else if (keyFile != null) {
                builder.encryption(new EncryptionChoice.OwnKey(
                        FirstLine.of("--key-file", keyFile),
                        how.equals("hex") ? KeyFormat.HEX : KeyFormat.PASSPHRASE,
                        Optional.ofNullable(location)));
            }
        } else {
            problems.add(new Problem("--encryption", "'" + how + "' is none of inherit, hex, passphrase"));
        }
        if (keepRoots && how != null) {
            problems.add(
                    new Problem(
                            "--keep-encryption-roots",
                            "targets that are encrypted anew keep nothing of the source's encryption; leave out one of the two"));
        }
        if (!problems.isEmpty()) {
            throw new InvalidRequestException(problems);
        }
    }

    private static void forbid(String option, @Nullable Object value, List<Problem> problems) {
        if (value != null) {
            problems.add(
                    new Problem(option, "it is for a key of the target's own; say --encryption hex or passphrase"));
        }
    }

    private static void require(String option, @Nullable Object value, List<Problem> problems) {
        if (value == null) {
            problems.add(new Problem(option, "a target with a key of its own needs it"));
        }
    }
}
