// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import dev.zlineage.testkit.lab.OpenZfsLab;

/**
 * A {@code zfs} for the guest that interferes with one stream when exactly so many bytes of it went through: {@code send},
 * {@code receive} and {@code run} are killed with signal 9, at {@code wait} the stream stands still for good. It reads who and
 * when from {@code /run/cut}, once; every other call goes to the real program as it is.
 */
final class CutProgram {

    static final String PATH = "/usr/local/sbin/cut-zfs";

    private static final String SCRIPT = """
            #!/bin/bash
            if [ "$1" != send ] || [ ! -s /run/cut ] || [[ " $* " == *" -n "* ]]; then exec zfs "$@"; fi
            read -r who bytes < /run/cut; rm /run/cut
            fifo=$(mktemp -u /run/fifo.XXXXXX); mkfifo "$fifo"
            zfs "$@" > "$fifo" & sender=$!
            {
              head -c "$bytes"; echo "$who" > /run/cut-done
              case $who in
                send) kill -9 "$sender";;
                receive) pkill -9 -f '^zfs receive';;
                run) kill -9 "$(cat /run/zlineage.pid)"; sleep 3;;
                wait) sleep 100000;;
              esac
              cat
            } < "$fifo"
            rm -f "$fifo"; wait "$sender"
            """;

    private CutProgram() {}

    static void install(OpenZfsLab guest) {
        guest.sh("printf '%s' \"$1\" > \"$2\"; chmod +x \"$2\"", SCRIPT, PATH);
    }

    /** The shell command that arms it. */
    static String armed(String who, long bytes) {
        return "rm -f /run/cut-done; echo '" + who + " " + bytes + "' > /run/cut";
    }
}
