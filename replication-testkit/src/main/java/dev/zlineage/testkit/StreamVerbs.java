// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.TokenContents;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.ArrayList;
import java.util.List;

/** What {@code zfs send} and {@code zfs receive} do without a stream: the dry run, and discarding partial state. */
final class StreamVerbs {

    private static final int MINUS_ONE = 255;

    private final FakeZfs zfs;

    StreamVerbs(FakeZfs zfs) {
        this.zfs = zfs;
    }

    void register(Verbs verbs) {
        verbs.on("send", StreamArguments.SEND, this::dryRun);
        verbs.on("receive", "A", this::abort);
    }

    private void dryRun(Invocation call, Printer to) {
        SendStream stream = StreamArguments.send(call);
        if (stream instanceof SendStream.Resume resume) {
            Answer<TokenContents> token = zfs.execute(new ZfsCommand.ReadToken(resume.token()));
            if (token instanceof Answer.Failed<TokenContents> failed) {
                to.complain(MINUS_ONE, failed.failure());
                return;
            }
            contents(token.orThrow()).forEach(to::line);
        }
        Answer<Long> answer = zfs.execute(new ZfsCommand.EstimateSend(stream));
        if (answer instanceof Answer.Failed<Long> failed) {
            to.complain(stream instanceof SendStream.Resume ? MINUS_ONE : 1, failed.failure());
        } else {
            parts(stream).forEach(to::line);
            to.line("size\t" + answer.orThrow());
        }
    }

    /** A line for each snapshot, before that for the sum. */
    private List<String> parts(SendStream stream) {
        return zfs.look(host -> {
            try {
                List<String> report = new SendPlanner(host).plan(stream).report();
                return report.subList(0, report.size() - 1);
            } catch (Refusal e) {
                return List.of(); // gone since it was estimated
            }
        });
    }

    /** As it is printed before a stream is carried on. */
    static List<String> contents(TokenContents token) {
        List<String> lines = new ArrayList<>(List.of("resume token contents:", "nvlist version: 0"));
        token.from().ifPresent(from -> lines.add("\tfromguid = 0x" + Long.toHexString(from.bits())));
        lines.add("\tbytes = 0x" + Long.toHexString(token.bytes()));
        lines.add("\ttoguid = 0x" + Long.toHexString(token.to().bits()));
        lines.add("\ttoname = " + token.toName());
        if (token.raw()) {
            lines.add("\trawok = 1");
        }
        return lines;
    }

    private void abort(Invocation call, Printer to) {
        call.requireOperands(1);
        if (!call.has('A')) {
            throw new NotModelled("zfs receive without a stream");
        }
        Changing.run(zfs, new ZfsCommand.AbortReceive(call.dataset(0)), to);
    }
}
