// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.ArrayList;
import java.util.List;

/** What a host was asked for. To be called with the monitor of the host. */
final class CommandLog {

    private final List<Object> entries = new ArrayList<>();
    private int roundTrips;

    void roundTrip() {
        roundTrips++;
    }

    void command(ZfsCommand<?> command) {
        entries.add(command);
    }

    void stream(SendStream stream) {
        entries.add(stream);
    }

    void stream(ReceiveStream stream) {
        entries.add(stream);
    }

    List<ZfsCommand<?>> commands() {
        List<ZfsCommand<?>> commands = new ArrayList<>();
        for (Object entry : entries) {
            if (entry instanceof ZfsCommand<?> command) {
                commands.add(command);
            }
        }
        return List.copyOf(commands);
    }

    int count(Class<?> type) {
        return (int) entries.stream().filter(type::isInstance).count();
    }

    int roundTrips() {
        return roundTrips;
    }

    List<String> lines() {
        return entries.stream()
                .map(entry -> {
                    if (entry instanceof SendStream) {
                        return "send " + entry;
                    }
                    return entry instanceof ReceiveStream ? "receive " + entry : entry.toString();
                })
                .toList();
    }

    void forget() {
        entries.clear();
        roundTrips = 0;
    }
}
