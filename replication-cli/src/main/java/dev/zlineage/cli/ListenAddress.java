// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;

/** Where to listen: {@code PORT} on the loopback alone, or {@code HOST:PORT}. */
final class ListenAddress implements ITypeConverter<InetSocketAddress> {

    @Override
    public InetSocketAddress convert(String text) {
        int colon = text.lastIndexOf(':');
        int port = Integer.parseInt(text.substring(colon + 1));
        String host = colon < 0 ? "" : text.substring(0, colon).replaceAll("^\\[|]$", "");
        InetSocketAddress address = host.isEmpty()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                : new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("there is no host '" + host + "'");
        }
        return address;
    }
}
