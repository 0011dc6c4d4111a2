// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is run on the other side: always the same small script for {@code sh}, whatever the login shell is.
 *
 * <p>With words of {@link ShellQuote} behind it, it runs the program that they name on the standard streams of the
 * connection and ends with its exit code, which is 128 and more after a signal, where {@code ssh} would tell 255 as for a
 * lost connection. Without any, it reads commands from its standard input: first a mark, a line that no output holds; then
 * two lines for each command, its words, and what it is to read on its standard input, every byte as {@code \0} and three
 * octal digits, which {@code printf} understands. Both outputs of a command go straight to those of the connection; after
 * each command, and once before the first, a line with the mark and the exit code follows on both. So nothing is kept in
 * variables or files of the other side, an output may be of any size, hold any bytes, and end without a line feed.
 *
 * <p>A line that was cut by a lost connection is not run, and writing the mark to a connection that is gone ends the
 * script. What a command reads passes through {@code printf}, which shows nothing in a list of processes as long as it is
 * part of the shell; where it is not, the command is refused. No word is ever evaluated: {@code exec} in a subshell runs
 * programs only, never a function or a builtin of that name.
 *
 * <p>The text has no apostrophe, exclamation mark, line feed or doubled backslash, so that it stands between apostrophes in
 * every shell; and it has fewer than 1024 characters, the longest word of the original C shell. Only what POSIX has is used.
 * Words hold no space, so a forced command, which gets the whole line as {@code SSH_ORIGINAL_COMMAND}, can tell them apart
 * without evaluating anything.
 */
final class RemoteScript {

    /** The name of the script in messages of the shell. */
    private static final String NAME = "zlineage";

    private static final String SCRIPT = """
            PATH=${PATH:+$PATH:}/sbin:/usr/sbin:/usr/local/sbin;
            LC_ALL=C;
            export PATH LC_ALL;
            IFS=" ";
            set -f;
            octal() {
                o= r=$1;
                while :; do
                    case $r in
                    *%*) o=$o${r%%%*}"\\0"; r=${r#*%} ;;
                    *) break ;;
                    esac;
                done;
                o=$o$r;
            };
            run() {
                case $* in
                *%*)
                    for w do
                        shift;
                        case $w in
                        %) w= ;;
                        *%*) octal "$w"; w=$(printf %b. "$o"); w=${w%.} ;;
                        esac;
                        set -- "$@" "$w";
                    done ;;
                esac;
                (exec "$@");
            };
            mark() {
                printf "%s %s\\n" "$m" "$1" && printf "%s %s\\n" "$m" "$1" >&2 || exit;
            };
            case $# in
            0) ;;
            *) run "$@"; exit ;;
            esac;
            read -r m || exit;
            mark "0 $PATH";
            while read -r line && read -r input; do
                case $input in
                "") run $line </dev/null ;;
                *)
                    case $(command -v printf) in
                    printf) printf %b "$input" | run $line ;;
                    *) echo "sh has no printf of its own, which would show a secret" >&2; (exit 126) ;;
                    esac ;;
                esac;
                mark $?;
            done
            """.lines().map(String::strip).collect(Collectors.joining(" "));

    /** The command that reads commands. */
    static final String COMMANDS = "sh -c '" + SCRIPT + "' " + NAME;

    private RemoteScript() {}

    /**
     * The command that runs one program: what a stream is sent or received by.
     *
     * @param argv the program and its arguments
     * @return a command for any login shell
     * @throws IllegalArgumentException for what can't be an argument at all
     */
    static String program(List<String> argv) {
        return COMMANDS + " " + ShellQuote.words(argv);
    }
}
