// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** One direction of a connection. What is read is written when it would have arrived. */
final class NasLane {

    private static final int PIECE = 16 * 1024;
    private static final int ON_THE_WAY = 256;

    /** Some bytes, and when they arrive. */
    private static final class Parcel {

        private final byte[] bytes;
        private final long due;

        Parcel(byte[] bytes, long due) {
            this.bytes = bytes;
            this.due = due;
        }
    }

    private final NasLink link;
    private final Socket from;
    private final Socket to;
    private final BlockingQueue<Optional<Parcel>> parcels = new ArrayBlockingQueue<>(ON_THE_WAY);

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
                parcels.put(Optional.of(new Parcel(bytes, last)));
            }
        } catch (IOException e) {
            // the connection is gone, which the other side learns by its own
        } finally {
            parcels.put(Optional.empty());
        }
    }

    private void write() throws InterruptedException {
        try (OutputStream out = to.getOutputStream()) {
            for (Optional<Parcel> next = parcels.take(); next.isPresent(); next = parcels.take()) {
                Parcel parcel = next.get();
                long wait = parcel.due - System.nanoTime();
                if (wait > 0) {
                    TimeUnit.NANOSECONDS.sleep(wait);
                }
                link.awaitThaw();
                out.write(parcel.bytes);
            }
        } catch (IOException e) {
            // as above
        } finally {
            link.forget(to);
            link.forget(from);
            // whoever reads may wait for room
            parcels.clear();
        }
    }
}
