// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.junit;

import dev.zlineage.testkit.FakeNas;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests hosts with OpenZFS in memory, new ones for each test:
 *
 * <pre>{@code
 * @ExtendWith(ZfsExtension.class)
 * class BackupTest {
 *     @Test
 *     void savesEverything(@Host("nas") FakeZfs nas, @Host("vault") FakeZfs vault) { ... }
 *
 *     @Test
 *     void overSsh(@Host("nas") FakeZfs nas, @Host("vault") FakeZfs vault, @Host("vault") FakeNas server) { ... }
 * }
 * }</pre>
 *
 * <p>A {@link FakeZfs} has two large, empty pools, {@code tank} and {@code backup}. A {@link FakeNas} is an SSH server before the host
 * of that name; it is stopped when the test is over. A {@link VirtualConcurrency} has the time and the threads of the test that
 * asks for it. GUIDs are drawn from the names, so that a test is the same each time and no two hosts have GUIDs in common.
 */
@SuppressWarnings("exports") // who uses it has JUnit; the others need not
public final class ZfsExtension implements ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(ZfsExtension.class);

    /** For the service that finds extensions, and for {@code @ExtendWith}. */
    public ZfsExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == VirtualConcurrency.class
                || parameter.isAnnotated(Host.class) && (type == FakeZfs.class || type == FakeNas.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext.Store store = context.getStore(NAMESPACE);
        if (parameter.getParameter().getType() == VirtualConcurrency.class) {
            return store.computeIfAbsent("time", key -> new VirtualConcurrency(1), VirtualConcurrency.class);
        }
        String name = parameter.findAnnotation(Host.class).orElseThrow().value();
        FakeZfs host = store.computeIfAbsent("host " + name, key -> host(name), FakeZfs.class);
        return parameter.getParameter().getType() == FakeZfs.class
                ? host
                : store.computeIfAbsent("server " + name, key -> new Server(FakeNas.start(host)), Server.class)
                        .nas();
    }

    private static FakeZfs host(String name) {
        return FakeZfs.builder().host(name).seed(name.hashCode()).build();
    }

    /** Closed together with its store. */
    private record Server(FakeNas nas) implements AutoCloseable {

        @Override
        public void close() {
            nas.close();
        }
    }
}
