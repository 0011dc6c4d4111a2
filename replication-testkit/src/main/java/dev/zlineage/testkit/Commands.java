// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.ZfsCommand;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Which code does what command. */
final class Commands {

    private final Map<Class<?>, Function<ZfsCommand<?>, Object>> handlers = new HashMap<>();

    Commands(FakeHost host, SendPlanner planner) {
        new Listings(host, planner).register(this);
        new PointCommands(host).register(this);
        new DatasetCommands(host).register(this);
        new PropertyCommands(host).register(this);
        new KeyCommands(host).register(this);
    }

    <R, C extends ZfsCommand<R>> void on(Class<C> type, Function<C, R> handler) {
        handlers.put(type, command -> handler.apply(type.cast(command)));
    }

    boolean knows(Class<?> type) {
        return handlers.containsKey(type);
    }

    Object run(ZfsCommand<?> command) {
        Function<ZfsCommand<?>, Object> handler = handlers.get(command.getClass());
        if (handler == null) {
            throw new UnsupportedOperationException("FakeZfs does not model " + command);
        }
        return handler.apply(command);
    }
}
