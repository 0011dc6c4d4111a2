// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** One direction of a connection. What is read is written when it would have arrived. */
final class NasLane {

    private static final int PIECE = 16 * 1024;
    private static final int ON_THE_WAY = 256;
    private static final Parcel END = new Parcel(new byte[0], 0);

    private record Parcel(byte[] bytes, long due) {}

    private final NasLink link;
    private final Socket from;
    private final Socket to;
    private final BlockingQueue<Parcel> parcels = new ArrayBlockingQueue<>(ON_THE_WAY);

    NasLane(NasLink link, Socket from, Socket to) {
        this.link = link;
        this.from = from;
        this.to = to;
    }

    void start() {
        NasThreads.start("lane in", this::read);
        NasThreads.start("lane out", this::write);
    }

    private void read() throws InterruptedException {
        try (InputStream in = from.getInputStream()) {
            byte[] buffer = new byte[PIECE];
            long last = System.nanoTime();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                link.awaitThaw();
                NasLink.Quality quality = link.quality();
                byte[] bytes = Arrays.copyOf(buffer, n);
                long start = Math.max(last, System.nanoTime() + quality.delayNanos());
                last = start + (long) (n * 1e9 / quality.bytesPerSecond());
                parcels.put(new Parcel(bytes, last));
            }
        } catch (IOException e) {
            // the connection is gone, which the other side learns by its own
        } finally {
            parcels.put(END);
        }
    }

    private void write() throws InterruptedException {
        try (OutputStream out = to.getOutputStream()) {
            for (Parcel parcel = parcels.take(); parcel != END; parcel = parcels.take()) {
                long wait = parcel.due() - System.nanoTime();
                if (wait > 0) {
                    TimeUnit.NANOSECONDS.sleep(wait);
                }
                out.write(parcel.bytes());
            }
        } catch (IOException e) {
            // as above
        } finally {
            link.forget(to);
            link.forget(from);
            parcels.clear();
        }
    }
}
