// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One of the two hosts that are compared: it does a step and tells what came of it. */
final class Side {

    private final Host host;
    private final Look look;

    Side(Host host) {
        this.host = host;
        this.look = new Look(host.zfs());
    }

    /** The datasets and their histories, a line each. */
    List<String> look() {
        return look.again();
    }

    /** Everything that there is, a line each. */
    List<String> lookCloser() {
        List<String> lines = new ArrayList<>(look.again());
        lines.addAll(look.closer());
        lines.addAll(contents());
        return lines;
    }

    /** The same for whoever makes up the next step. It gives no names to GUIDs. */
    Look view() {
        Look view = new Look(host.zfs());
        view.again();
        view.closer();
        return view;
    }

    /** Does something, and tells what came of it. */
    String step(Operation operation) {
        if (operation instanceof Operation.Run run) {
            return answer(host.zfs().execute(run.command()));
        }
        if (operation instanceof Operation.Encrypt encrypt) {
            return host.encrypt(encrypt.name()) ? "encrypted" : "not encrypted";
        }
        if (operation instanceof Operation.Write write) {
            return host.write(write.filesystem(), write.file(), write.text()) ? "written" : "not written";
        }
        if (operation instanceof Operation.Fill fill) {
            return host.fill(fill.filesystem(), fill.file(), fill.kibibytes()) ? "written" : "not written";
        }
        if (operation instanceof Operation.Delete delete) {
            return host.delete(delete.filesystem(), delete.file()) ? "deleted" : "not deleted";
        }
        if (operation instanceof Operation.Transfer transfer) {
            return ends(host.transfer(transfer.stream(), transfer.receive(), transfer.cut()));
        }
        if (operation instanceof Operation.Force force) {
            return host.force(force.stream(), force.target()) ? "forced" : "not even forced";
        }
        if (operation instanceof Operation.Typed typed) {
            return host.typed(typed.arguments()) ? "exit 0" : "exit not 0";
        }
        Operation.Resume resume = (Operation.Resume) operation;
        return host
                .zfs()
                .execute(new ZfsCommand.ListDatasets(List.of(resume.receive().target()), Scope.SELF))
                .orThrow()
                .stream()
                .findFirst()
                .flatMap(Dataset::resumeToken)
                .map(token -> ends(host.transfer(new SendStream.Resume(token), resume.receive(), resume.cut())))
                .orElse("nothing to resume");
    }

    private static String answer(Answer<?> answer) {
        if (answer instanceof Answer.Failed<?> failed) {
            return kind(failed.failure());
        }
        return answer.orThrow() instanceof Effect effect ? effect.name() : "done";
    }

    private static String ends(Host.Ends ends) {
        return "sender: " + kind(ends.sender()) + ", receiver: " + kind(ends.receiver());
    }

    private static String kind(Optional<ZfsFailure> failure) {
        return failure.map(Side::kind).orElse("done");
    }

    private static String kind(ZfsFailure failure) {
        return failure.kind().name();
    }

    /** What is in the newest snapshot of each dataset that can be read, a line each; equal contents have equal names. */
    private List<String> contents() {
        Map<String, String> seen = new HashMap<>();
        List<String> lines = new ArrayList<>();
        List<SnapshotName> readable =
                look.newest().stream().filter(this::isReadable).toList();
        host.contents(readable).forEach((snapshot, files) -> {
            Map<String, String> named = new TreeMap<>();
            new TreeMap<>(files)
                    .forEach((path, digest) ->
                            named.put(path, seen.computeIfAbsent(digest, d -> "contents" + seen.size())));
            lines.add(snapshot + " holds " + named);
        });
        return lines;
    }

    private boolean isReadable(SnapshotName snapshot) {
        return look.datasets().stream()
                .filter(dataset -> dataset.name().equals(snapshot.dataset()))
                .anyMatch(dataset -> dataset.volumeSize().isEmpty()
                        && dataset.encryption()
                                .map(Dataset.Encryption::keyLoaded)
                                .orElse(true));
    }
}
