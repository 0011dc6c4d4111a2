// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsVersion;

/** A door behind which is another one. */
abstract class Through implements Zfs {

    final Zfs door;

    Through(Zfs door) {
        this.door = door;
    }

    @Override
    public String host() {
        return door.host();
    }

    @Override
    public ZfsVersion version() {
        return door.version();
    }

    @Override
    public StreamOffer<StreamSource> send(SendStream stream) {
        return door.send(stream);
    }

    @Override
    public StreamOffer<StreamSink> receive(ReceiveStream stream) {
        return door.receive(stream);
    }

    @Override
    public void close() {
        door.close();
    }
}
