// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.zfs.SendStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** {@code zfs send -v -P} while it runs. */
final class SentStream {

    private final SendEnd end;
    private final SendStream stream;

    SentStream(SendEnd end, SendStream stream) {
        this.end = end;
        this.stream = stream;
    }

    /**
     * Starts it.
     *
     * @param report told each line that goes to standard error before the first byte
     */
    InputStream open(Consumer<String> report) throws IOException {
        InputStream bytes = end.open();
        beginning().forEach(report);
        return bytes;
    }

    private List<String> beginning() {
        List<String> lines = new ArrayList<>();
        if (stream instanceof SendStream.Resume resume) {
            try {
                lines.addAll(StreamVerbs.contents(Token.parse(resume.token()).contents()));
            } catch (Refusal e) {
                // it is what the stream ends with
                return lines;
            }
        }
        lines.addAll(end.report());
        return lines;
    }

    StreamExit finish() {
        return end.finish();
    }

    void abort() {
        end.abort();
    }
}
