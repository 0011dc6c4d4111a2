// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.plan.Approval;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Consent to what a plan destroys that was printed before. */
final class ApproveOption {

    @Option(
            names = "--approve",
            paramLabel = "TOKEN",
            description =
                    "Run only if nothing else is destroyed than by the plan that printed this token, by retention and pruning"
                            + " too; otherwise nothing is done. Without it, the remedies that were asked for are the consent.")
    private @Nullable String token;

    boolean given() {
        return token != null;
    }

    /**
     * Compares.
     *
     * @throws NotApprovedException if something would be destroyed, and this is not its token
     */
    void check(Approval now) {
        String approved = token;
        if (approved == null) {
            return;
        }
        now.token().filter(wanted -> !wanted.equals(approved)).ifPresent(wanted -> {
            throw new NotApprovedException(approved, wanted);
        });
    }

    /** What a person reads below a plan that destroys something. */
    static String hint(Approval approval) {
        return approval.token()
                .map(token -> "to run this and destroy nothing else: run --approve " + token + "\n")
                .orElse("");
    }
}
