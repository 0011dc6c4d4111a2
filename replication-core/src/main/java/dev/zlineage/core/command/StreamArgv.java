// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamMode;
import java.util.List;
import java.util.TreeSet;

/** Argument lists of {@code zfs send} and {@code zfs receive}. */
final class StreamArgv {

    private StreamArgv() {}

    /** With {@code -v -P}, for the estimate and the progress on standard error. */
    static List<String> send(List<String> program, SendStream stream) {
        return of(Argv.of(program, "send", "-v", "-P"), stream).argv();
    }

    /** The dry run, which prints the estimate on standard output. */
    static Argv estimate(List<String> program, SendStream stream) {
        return of(Argv.of(program, "send", "-n", "-v", "-P"), stream);
    }

    private static Argv of(Argv argv, SendStream stream) {
        if (stream instanceof SendStream.Full full) {
            return mode(argv, full.mode()).add(full.to().toString());
        }
        if (stream instanceof SendStream.Increment increment) {
            return mode(argv, increment.mode())
                    .add("-i")
                    .add(increment.base().toString())
                    .add(increment.to().toString());
        }
        if (stream instanceof SendStream.Series series) {
            return mode(argv, series.mode())
                    .add("-I")
                    .add(series.base().toString())
                    .add(series.to().toString());
        }
        // the form of a resumed stream is in its token
        return argv.add("-t").add(((SendStream.Resume) stream).token().value());
    }

    private static Argv mode(Argv argv, StreamMode mode) {
        return argv.addIf(mode.largeBlocks(), "-L")
                .addIf(mode.compressed(), "-c")
                .addIf(mode.embedded(), "-e")
                .addIf(mode.raw(), "-w")
                .addIf(mode.properties(), "-p");
    }

    static List<String> receive(List<String> program, ReceiveStream stream) {
        Argv argv = Argv.of(program, "receive")
                .addIf(stream.resumable(), "-s")
                .addIf(!stream.mount(), "-u")
                .addIf(stream.overwriteEmpty(), "-F");
        stream.origin().ifPresent(origin -> argv.add("-o").add("origin=" + origin));
        argv.addOptions(stream.set());
        new TreeSet<>(stream.exclude()).forEach(name -> argv.add("-x").add(Argv.property(name)));
        return argv.add(stream.target().toString()).argv();
    }
}
