// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.retain.RetentionRequest;
import dev.zlineage.core.select.InvalidRequestException.Problem;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How much retention may destroy at once. */
final class ShareOption {

    @Option(
            names = "--maximum-share",
            paramLabel = "SHARE",
            description = "Of a FILE: consent to destroy so large a part of a dataset's snapshots at once, by retention"
                    + " (default: 0.5).")
    private double share = RetentionRequest.DEFAULT_SHARE;

    double share() {
        return share;
    }

    Optional<Problem> problem() {
        return share > 0 && share <= 1
                ? Optional.empty()
                : Optional.of(new Problem("--maximum-share", share + " is not more than 0 and at most 1"));
    }
}
