// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.lang.reflect.Proxy;

/**
 * Listens to SIGHUP. The JDK has that in {@code jdk.unsupported} alone, which a JVM may lack and the compiler warns of; without it
 * the signal ends the process, as it does by default.
 */
final class HangUp implements AutoCloseable {

    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private final Object before;

    private HangUp(Object before) {
        this.before = before;
    }

    /** Runs something at each SIGHUP, in a thread of the JVM. */
    static HangUp then(Runnable what) {
        try {
            Class<?> handler = Class.forName(HANDLER);
            Object calls =
                    Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (on, method, args) -> {
                        if (method.getName().equals("handle")) {
                            what.run();
                            return true;
                        }
                        return method.getName().equals("equals")
                                ? (Object) (on == args[0])
                                : System.identityHashCode(on);
                    });
            return new HangUp(handled(calls));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return new HangUp(HangUp.class);
        }
    }

    private static Object handled(Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName(SIGNAL);
        return signal.getMethod("handle", signal, Class.forName(HANDLER))
                .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), handler);
    }

    @Override
    public void close() {
        if (before != HangUp.class) {
            try {
                handled(before);
            } catch (ReflectiveOperationException e) {
                // the process is about to end
            }
        }
    }
}
