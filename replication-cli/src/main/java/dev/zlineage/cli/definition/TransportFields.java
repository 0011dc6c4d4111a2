// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import dev.zlineage.core.zfs.Secret;
import dev.zlineage.scheduler.task.TaskTransport;
import dev.zlineage.scheduler.task.TaskTransport.Netcat;
import dev.zlineage.scheduler.task.TaskTransport.Side;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A transport, given in place or by the name of one that is defined for all. */
final class TransportFields {

    private TransportFields() {}

    static TaskTransport read(Fields task, Map<String, TaskTransport> named, Notes notes) {
        if (!task.isWord("transport")) {
            return task.fields("transport").map(fields -> read(fields, notes)).orElse(new TaskTransport.Local());
        }
        return task.text("transport")
                .flatMap(name -> {
                    if (!named.containsKey(name)) {
                        task.wrong(
                                "transport",
                                "'" + name + "' is none of the transports"
                                        + (named.isEmpty()
                                                ? "; there are none"
                                                : " " + String.join(", ", named.keySet())));
                    }
                    return Optional.ofNullable(named.get(name));
                })
                .orElse(new TaskTransport.Local());
    }

    static TaskTransport read(Fields fields, Notes notes) {
        String type = fields.word("type").orElse("");
        return type.startsWith("ssh") ? ssh(fields, type.equals("ssh+netcat"), notes) : new TaskTransport.Local();
    }

    private static TaskTransport ssh(Fields fields, boolean beside, Notes notes) {
        fields.word("cipher");
        Optional<Netcat> netcat = beside ? Optional.of(netcat(fields, notes)) : Optional.empty();
        return new TaskTransport.Ssh(
                fields.needed("hostname"),
                fields.number("port").map(Long::intValue).orElseThrow(),
                fields.needed("username"),
                fields.text("private-key").map(key -> new Secret(key.getBytes(StandardCharsets.UTF_8))),
                fields.text("host-key")
                        .map(keys -> keys.strip().lines().toList())
                        .orElse(List.of()),
                Duration.ofSeconds(fields.number("connect-timeout").orElseThrow()),
                fields.flag("sudo"),
                netcat);
    }

    private static Netcat netcat(Fields fields, Notes notes) {
        notes.add(fields, "type", "there is no direct channel beside SSH here; all of it goes over SSH, encrypted");
        fields.text("active-side-listen-address");
        fields.text("passive-side-connect-address");
        return new Netcat(
                fields.word("active-side", Side.class),
                fields.number("active-side-min-port").map(Long::intValue),
                fields.number("active-side-max-port").map(Long::intValue));
    }
}
