// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.Replication;
import dev.zlineage.core.plan.Bytes;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.Patience;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.Scope;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A week in the life of a dataset tree and its replica, told step by step. */
final class Demo {

    private static final String SOURCE = "tank/shop";
    private static final String TARGET = "backup/shop";

    private static final int WIDTH = 92;

    private final PrintWriter out;
    private final boolean colour;
    private final DemoPools pools = new DemoPools();
    private final Replication replication = Replication.between(pools.zfs(), pools.zfs());
    private int step;
    private boolean good = true;

    Demo(PrintWriter out, boolean colour) {
        this.out = out;
        this.colour = colour;
    }

    /** Whether everything came out as the text says. */
    boolean run() throws InterruptedException {
        out.println("zlineage replicates tank/shop to backup/shop. The two pools are in memory, the rest is real.");
        full();
        increment();
        nothing();
        cut();
        divergence();
        bookmark();
        return check();
    }

    private void full() throws InterruptedException {
        step("A tree of filesystems and a volume; backup is empty. The first run sends it in full.");
        pools.filesystem("tank/shop");
        pools.write("tank/shop", "readme.txt", "all about the shop");
        pools.filesystem("tank/shop/orders");
        pools.write("tank/shop/orders", "0001.txt", "three chairs");
        pools.write("tank/shop/orders", "0002.txt", "one table");
        pools.filesystem("tank/shop/photos");
        pools.write("tank/shop/photos", "chair.jpg", "a chair".repeat(20_000));
        pools.volume("tank/shop/disk");
        pools.write("tank/shop/disk", "block-0", "boot".repeat(4_096));
        pools.snapshot("tank/shop", "mon", Scope.SUBTREE);
        for (Dataset dataset : pools.tree(SOURCE)) {
            out.println(String.format(
                    Locale.ROOT,
                    "  %-17s %-10s  %s  holds %s",
                    dataset.name(),
                    dataset.kind() == DatasetKind.VOLUME ? "volume" : "filesystem",
                    pools.labels(dataset.name()),
                    pools.files(dataset.name()).collect(Collectors.joining(", "))));
        }
        expect(replicate("").success(), "the first run succeeds");
    }

    private void increment() throws InterruptedException {
        step(
                "Orders come in and are snapshotted every few hours, and mail is new. --snapshot takes one more, of the whole"
                        + " tree at one moment; then only what the target lacks is sent.");
        pools.write("tank/shop/orders", "0003.txt", "two lamps");
        pools.snapshot("tank/shop/orders", "tue-09", Scope.SELF);
        pools.write("tank/shop/orders", "0003.txt", "two lamps and a sofa");
        pools.snapshot("tank/shop/orders", "tue-12", Scope.SELF);
        pools.write("tank/shop/photos", "lamp.jpg", "a lamp".repeat(9_000));
        pools.filesystem("tank/shop/mail");
        pools.write("tank/shop/mail", "inbox", "where is my sofa?");
        expect(replicate("tue").success(), "the increment succeeds");
    }

    private void nothing() throws InterruptedException {
        step("Nothing has happened since, so there is nothing to do.");
        int before = pools.streamsSent();
        expect(replicate("").success() && pools.streamsSent() == before, "the third run sends nothing");
    }

    private void cut() throws InterruptedException {
        step(
                "A film is added, and the line goes dead in the middle of it. --attempts 1 keeps this run from trying again by"
                        + " itself, to show what is left: the target keeps what arrived, the source keeps the snapshot held.");
        pools.write("tank/shop/photos", "film.mp4", "a film of a chair".repeat(40_000));
        pools.snapshot("tank/shop/photos", "tue-18", Scope.SELF);
        pools.cutNextStream(400_000);
        ReplicationResult half = replicate("", 1, DivergencePolicy.REFUSE);
        expect(!half.success(), "the run that was cut is no success");

        step("The next run carries on where the stream was cut.");
        ReplicationResult rest = replicate("");
        expect(rest.success() && rest.saved() > 0, "the transfer is carried on");
        expect(half.bytes() + rest.bytes() < 1_000_000, "nothing is sent twice");
    }

    private void divergence() throws InterruptedException {
        step("Someone makes one replica writable and writes to it, while the source goes on. That work is never"
                + " overwritten: the dataset is refused, and the others are replicated.");
        pools.set("backup/shop/photos", "readonly", "off");
        pools.write("backup/shop/photos", "notes.txt", "written on the wrong side");
        pools.write("tank/shop/photos", "sofa.jpg", "a sofa".repeat(7_000));
        expect(ExitCode.of(replicate("wed")) == ExitCode.REFUSED, "the replica that was written to is refused");

        step(
                "The work was a mistake, so its owner gives it up by name. The plan lists what that destroys, and the run checks"
                        + " that it still is no more than that.");
        expect(replicate("", DivergencePolicy.ROLL_BACK).success(), "the replica that was rolled back catches up");
    }

    private void bookmark() throws InterruptedException {
        step(
                "A clean-up job destroys every snapshot of orders on the source. zlineage has left a bookmark of the last one"
                        + " it sent, which takes no space, and goes on from there: nothing is sent in full again.");
        pools.destroySnapshots("tank/shop/orders");
        pools.write("tank/shop/orders", "0004.txt", "a bed");
        expect(replicate("thu").success(), "the increment from the bookmark succeeds");
    }

    private boolean check() {
        step("Both sides compared: a snapshot is the same one where its GUID is the same.");
        DemoCheck check = new DemoCheck(pools);
        check.print(out, SOURCE, TARGET);
        expect(check.same(), "both sides are the same");
        out.println();
        out.println(
                good
                        ? bold("Every check held.") + " Next, on real pools: zlineage help run"
                        : bold("A check FAILED: see above."));
        return good;
    }

    /** As {@code zlineage run -r} does it: the plan first, then its result. */
    private ReplicationResult replicate(String snapshot) throws InterruptedException {
        return replicate(snapshot, DivergencePolicy.REFUSE);
    }

    private ReplicationResult replicate(String snapshot, DivergencePolicy remedy) throws InterruptedException {
        return replicate(snapshot, Patience.DEFAULT.attempts(), remedy);
    }

    private ReplicationResult replicate(String snapshot, int attempts, DivergencePolicy remedy)
            throws InterruptedException {
        ReplicationRequest.Builder request = ReplicationRequest.of(SOURCE, TARGET)
                .recursive(true)
                .parallelism(1)
                .onDivergence(remedy);
        if (!snapshot.isEmpty()) {
            request.takeSnapshot(snapshot);
        }
        shell("zlineage run --source " + SOURCE + " --target " + TARGET + " -r"
                + (snapshot.isEmpty() ? "" : " --snapshot=" + snapshot)
                + (attempts == 1 ? " --attempts 1" : "")
                + (remedy == DivergencePolicy.ROLL_BACK ? " --diverged roll-back" : ""));
        ReplicationPlan plan = replication.plan(request.build());
        plan.toString().lines().forEach(this::indented);
        ReplicationResult result =
                replication.with(Patience.DEFAULT.withAttempts(attempts)).run(plan);
        String counts = result.toString().lines().findFirst().orElse("");
        if (result.saved() > 0) {
            counts += "; " + Bytes.words(result.saved()) + " were not sent again";
        }
        int exit = ExitCode.of(result);
        indented(counts + (exit == ExitCode.OK ? "" : " (exit code " + exit + ")"));
        return result;
    }

    private void expect(boolean holds, String what) {
        if (!holds) {
            good = false;
            out.println("  NOT SO: " + what);
        }
    }

    private void step(String text) {
        out.println();
        String prefix = ++step + ". ";
        for (String line : wrapped(text, WIDTH - prefix.length())) {
            out.println(bold(prefix + line));
            prefix = " ".repeat(prefix.length());
        }
    }

    private void indented(String line) {
        String text = line.stripLeading();
        String indent = " ".repeat(2 + line.length() - text.length());
        String hanging = "";
        for (String part : wrapped(text, WIDTH - indent.length())) {
            out.println(indent + hanging + part);
            hanging = "    ";
        }
    }

    private void shell(String command) {
        out.println("  $ " + command);
    }

    private String bold(String text) {
        return colour ? "\u001b[1m" + text + "\u001b[0m" : text;
    }

    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
