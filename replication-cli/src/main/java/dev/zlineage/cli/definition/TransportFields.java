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

    private static final int PORT = 22;
    private static final long CONNECT_SECONDS = 10;
    private static final List<String> TYPES = List.of("local", "ssh", "ssh+netcat");

    private TransportFields() {}

    static TaskTransport read(Fields task, Map<String, TaskTransport> named, Notes notes) {
        if (!task.isText("transport")) {
            task.require("transport");
            return task.fields("transport").map(fields -> read(fields, notes)).orElse(new TaskTransport.Local());
        }
        String name = task.text("transport").orElse("");
        TaskTransport transport = named.get(name);
        if (transport == null) {
            task.wrong(
                    "transport",
                    "'" + name + "' is none of the transports"
                            + (named.isEmpty() ? "; there are none" : " " + String.join(", ", named.keySet())));
            return new TaskTransport.Local();
        }
        return transport;
    }

    static TaskTransport read(Fields fields, Notes notes) {
        String type = fields.needed("type");
        if (!TYPES.contains(type) && !type.isEmpty()) {
            fields.wrong("type", "'" + type + "' is none of " + String.join(", ", TYPES));
        }
        TaskTransport transport =
                type.startsWith("ssh") ? ssh(fields, type.equals("ssh+netcat"), notes) : new TaskTransport.Local();
        fields.end();
        return transport;
    }

    private static TaskTransport ssh(Fields fields, boolean beside, Notes notes) {
        fields.text("cipher").ifPresent(cipher -> {
            if (cipher.equals("disabled")) {
                fields.wrong("cipher", "'disabled': nothing is sent in clear text; say standard or fast, or remove it");
            }
        });
        Optional<Netcat> netcat = beside ? Optional.of(netcat(fields, notes)) : Optional.empty();
        return new TaskTransport.Ssh(
                fields.needed("hostname"),
                fields.number("port").map(Long::intValue).orElse(PORT),
                fields.text("username").orElse("root"),
                fields.text("private-key").map(key -> new Secret(key.getBytes(StandardCharsets.UTF_8))),
                fields.text("host-key")
                        .map(keys -> keys.strip().lines().toList())
                        .orElse(List.of()),
                Duration.ofSeconds(fields.number("connect-timeout").orElse(CONNECT_SECONDS)),
                fields.flag("sudo", false),
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
