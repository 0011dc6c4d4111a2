// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.Exited;
import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The cases of {@link TransportContractTest} about commands. */
abstract class TransportCommandsContract extends TransportCase {

    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    @DisplayName("several commands run one after the other, each whatever came of those before")
    void several() {
        String folder = remote().folder();
        List<CommandOutcome> outcomes = remote().runner()
                .run(List.of(
                        Remote.line("echo one > \"$1/f\"; echo first; echo complaint >&2; exit 3", folder),
                        Remote.line("printf 'no line feed'"),
                        Remote.line("cat \"$1/f\"; rm -r \"$1\"", folder)));
        assertThat(outcomes)
                .containsExactly(
                        new Exited(3, "first\n", "complaint\n"),
                        new Exited(0, "no line feed", ""),
                        new Exited(0, "one\n", ""));
        assertThat(remote().runner().run(List.of())).isEmpty();
    }

    @Test
    @DisplayName("a list of commands is one round trip, where round trips are counted")
    void roundTrips() {
        remote().run("true");
        world().roundTrips().ifPresent(before -> {
            remote().runner()
                    .run(IntStream.range(0, 20)
                            .mapToObj(i -> Remote.line("exit " + i))
                            .toList());
            assertThat(world().roundTrips()).hasValue(before + 1);
        });
    }

    @Test
    @DisplayName("arguments arrive as they are, whatever a shell would make of them")
    void hostileArguments() {
        List<String> hostile = new ArrayList<>(List.of(
                "",
                " ",
                "a b",
                "'",
                "''",
                "it's",
                "\"",
                "\\",
                "\\\\n",
                "$HOME",
                "$(echo no)",
                "`echo no`",
                "${IFS}",
                "*",
                "?",
                "[a-z]*",
                "~",
                "~root",
                "#",
                "a#b",
                "!",
                "!!",
                "-",
                "--",
                "-n",
                "a;b",
                "a&b",
                "a|b",
                "a>b",
                "<a",
                "a\nb",
                "\n",
                "a\n",
                "\t",
                "a\rb",
                "\r\n",
                "%s%n",
                "\u0001\u001b[31m",
                "\u007f",
                "tank/a b@c:d-e.f_g",
                "=x",
                "{a,b}",
                "'\\''",
                "x".repeat(20_000)));
        Random random = new Random(11);
        for (int i = 0; i < 40; i++) {
            hostile.add(random.ints(random.nextInt(1, 30), 1, 0x7f)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString());
        }
        List<CommandOutcome> outcomes = remote().runner()
                .run(hostile.stream()
                        .map(argument -> Remote.line("printf '%s.' \"$#\" \"$1\" \"$2\"", argument, "last"))
                        .toList());
        for (int i = 0; i < hostile.size(); i++) {
            assertThat(outcomes.get(i)).isEqualTo(new Exited(0, "2." + hostile.get(i) + ".last.", ""));
        }
    }

    @Test
    @DisplayName("characters beyond ASCII arrive as UTF-8, or the command is not run")
    void beyondAscii() {
        String text = "Größe 容量 \ud83d\ude00";
        CommandOutcome outcome = remote().outcome(Remote.line("printf %s \"$1\"", text));
        if (outcome instanceof Exited) {
            assertThat(outcome).isEqualTo(new Exited(0, text, ""));
        } else {
            assertThat(outcome).isInstanceOf(NotRun.class);
        }
    }

    @Test
    @DisplayName("exit codes are told as they are; a program that there is not, or that is killed, is no success")
    void exitCodes() {
        for (int code : List.of(0, 1, 2, 42, 255)) {
            assertThat(remote().run("exit " + code).exitCode()).isEqualTo(code);
        }
        assertThat(remote().outcome(new CommandLine(List.of("zlineage-no-such-program"))))
                .satisfiesAnyOf(
                        outcome -> assertThat(outcome).isInstanceOf(NotRun.class),
                        outcome -> assertThat(((Exited) outcome).exitCode()).isEqualTo(127));
        assertThat(remote().outcome(Remote.line("kill -9 $$")))
                .satisfiesAnyOf(
                        outcome -> assertThat(outcome).isInstanceOf(NotRun.class),
                        outcome -> assertThat(((Exited) outcome).exitCode()).isNotZero());
    }

    @Test
    @DisplayName("much output arrives whole, of both kinds at once")
    void muchOutput() {
        Exited much = remote().run(
                        "i=0; while [ $i -lt 20000 ]; do echo \"out $i\"; echo \"err $i\" >&2;" + " i=$((i+1)); done");
        assertThat(much.exitCode()).isZero();
        assertThat(much.stdout()).isEqualTo(lines("out ", 20_000));
        assertThat(much.stderr()).isEqualTo(lines("err ", 20_000));
    }

    private static String lines(String word, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(word).append(i).append('\n');
        }
        return text.toString();
    }

    @Test
    @DisplayName("standard input arrives whole, ends, and is not missed when nobody reads it")
    void input() {
        byte[] text = lines("in ", 20_000).getBytes(UTF_8);
        assertThat(remote().run(new CommandLine(List.of("cat"), text)).stdout()).isEqualTo(new String(text, UTF_8));
        byte[] bytes = {0, 1, 2, '\n', 0, (byte) 0xff, '\''};
        assertThat(remote().run(new CommandLine(Remote.argv("od -An -tx1"), bytes))
                        .stdout()
                        .strip())
                .isEqualTo("00 01 02 0a 00 ff 27");
        assertThat(remote().run("cat").stdout()).isEmpty();
        assertThat(remote().run(new CommandLine(Remote.argv("exit 4"), text)).exitCode())
                .isEqualTo(4);
        List<CommandOutcome> both = remote().runner()
                .run(List.of(
                        new CommandLine(List.of("cat"), "first\n".getBytes(UTF_8)),
                        new CommandLine(Remote.argv("read -r line; echo \"<$line>\""), "second\n".getBytes(UTF_8))));
        assertThat(both).containsExactly(new Exited(0, "first\n", ""), new Exited(0, "<second>\n", ""));
    }

    @Test
    @DisplayName("a command that takes too long is ended, and said to be; the next one runs")
    void timeout() {
        Remote hasty = open(Duration.ofMillis(700));
        try {
            long start = System.nanoTime();
            assertThat(hasty.outcome(Remote.line("exec sleep 40")))
                    .isInstanceOfSatisfying(
                            NotRun.class, notRun -> assertThat(notRun.reason()).isEqualTo(Reason.TIMED_OUT));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        } finally {
            hasty.runner().close();
        }
        assertThat(remote().run("echo fine").stdout()).isEqualTo("fine\n");
    }

    @Test
    @DisplayName("a thread that is interrupted gets its command back as cancelled, and stays interrupted")
    void cancelled() throws InterruptedException {
        remote().run("true");
        Concurrency concurrency = Concurrency.system();
        Concurrency.Mailbox<List<Object>> result = concurrency.mailbox();
        Thread caller = new Thread(() -> {
            CommandOutcome outcome = remote().outcome(Remote.line("exec sleep 40"));
            result.post(List.of(outcome, Thread.currentThread().isInterrupted()));
        });
        long start = System.nanoTime();
        caller.start();
        caller.interrupt();
        List<Object> told = result.take();
        assertThat(told.get(0))
                .isInstanceOfSatisfying(
                        NotRun.class, notRun -> assertThat(notRun.reason()).isEqualTo(Reason.CANCELLED));
        assertThat(told.get(1)).isEqualTo(true);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        assertThat(remote().run("echo fine").stdout()).isEqualTo("fine\n");
    }

    @Test
    @DisplayName("several threads may use it at once")
    void concurrently() throws InterruptedException {
        List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = IntStream.range(0, 6)
                .mapToObj(i -> new Thread(() -> {
                    for (int n = 0; n < 3; n++) {
                        CommandOutcome outcome = remote().outcome(Remote.line("echo $1; exit $1", "" + (i * 10 + n)));
                        if (!outcome.equals(new Exited(i * 10 + n, (i * 10 + n) + "\n", ""))) {
                            wrong.add(outcome.toString());
                        }
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    @DisplayName("after it is closed, nothing is run; closing again does no harm")
    void closed() {
        remote().run("true");
        remote().runner().close();
        assertThat(remote().outcome(Remote.line("true")))
                .isInstanceOfSatisfying(
                        NotRun.class, notRun -> assertThat(notRun.reason()).isEqualTo(Reason.UNREACHABLE));
        remote().runner().close();
    }
}
