// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the lines that report progress. A listener that throws is not told any more; it must not stop the reading, or the
 * program would soon wait for a reader.
 */
public final class SourceReports implements Predicate<String> {

    private static final Logger LOG = LoggerFactory.getLogger(Transfer.class);

    private final Function<String, Optional<StreamProgress>> report;
    private final Consumer<StreamProgress> progress;
    private boolean failed;
    private volatile long moved;

    /**
     * Takes lines out.
     *
     * @param report understands a line
     * @param progress told what it said
     */
    public SourceReports(Function<String, Optional<StreamProgress>> report, Consumer<StreamProgress> progress) {
        this.report = report;
        this.progress = progress;
    }

    @Override
    public boolean test(String line) {
        if (failed) {
            return false;
        }
        try {
            Optional<StreamProgress> understood = report.apply(line);
            understood.ifPresent(this::tell);
            return understood.isPresent();
        } catch (RuntimeException e) {
            failed = true;
            LOG.warn("progress of a transfer is not reported any more", e);
            return false;
        }
    }

    private void tell(StreamProgress news) {
        if (news instanceof StreamProgress.Moved bytes) {
            moved = bytes.bytes();
        }
        progress.accept(news);
    }

    /** How far the stream was by the last report. */
    long moved() {
        return moved;
    }
}
