// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import dev.zlineage.core.concurrency.Concurrency;
import java.io.InputStream;

/** A program as an end whose bytes this JVM copies. */
final class ProcessByteSource implements ByteSource {

    ProcessByteSource(Concurrency concurrency, ProcessSource process) {}

    @Override
    public InputStream open() {
        throw new AssertionError();
    }

    @Override
    public StreamExit finish() {
        throw new AssertionError();
    }

    @Override
    public void abort() {}
}
