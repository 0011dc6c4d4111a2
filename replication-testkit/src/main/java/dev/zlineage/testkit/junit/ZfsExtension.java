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
            return store.getOrComputeIfAbsent(VirtualConcurrency.class, type -> new VirtualConcurrency(1));
        }
        String name = parameter.findAnnotation(Host.class).orElseThrow().value();
        FakeZfs host = (FakeZfs) store.getOrComputeIfAbsent("host " + name, key -> host(name));
        return parameter.getParameter().getType() == FakeZfs.class
                ? host
                : ((Server) store.getOrComputeIfAbsent("server " + name, key -> new Server(FakeNas.start(host)))).nas();
    }

    private static FakeZfs host(String name) {
        return FakeZfs.builder().host(name).seed(name.hashCode()).build();
    }

    /** Closed together with its store, by JUnit 5.13 and later. */
    private record Server(FakeNas nas) implements AutoCloseable {

        @Override
        public void close() {
            nas.close();
        }
    }
}
