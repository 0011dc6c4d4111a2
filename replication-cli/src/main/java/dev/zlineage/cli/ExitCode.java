// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.DatasetResult.Outcome;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.verify.DatasetVerdict.Standing;
import dev.zlineage.core.verify.VerificationResult;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.scheduler.tick.Tally;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the exit codes mean. */
final class ExitCode {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int BAD_REQUEST = 2;
    static final int UNREACHABLE = 3;
    static final int REFUSED = 4;
    static final int SUPERFLUOUS = 5;
    static final int DIFFERENT = 6;
    static final int INVALID_DEFINITION = 7;
    static final int PARTLY_FAILED = 8;
    static final int BUSY = 9;
    static final int CANCELLED = 130;

    private ExitCode() {}

    static Map<String, String> described() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "Everything is replicated, or was up to date.");
        codes.put("1", "Something failed; what arrived before stays.");
        codes.put("2", "The arguments or the request are wrong; nothing was changed.");
        codes.put("3", "zfs or Java can't be used here; nothing was changed.");
        codes.put("4", "A dataset was refused, and none failed. The others are replicated.");
        codes.put("5", "Of doctor: something can be cleaned away.");
        codes.put("6", "Of verify: both sides are not the same.");
        codes.put("7", "The definition file has mistakes; nothing was changed.");
        codes.put("8", "Of a definition file: something failed, and the rest is done.");
        codes.put("9", "Another run writes into a target; nothing was changed there.");
        codes.put("130", "Cancelled by Ctrl-C; 143 by SIGTERM.");
        return codes;
    }

    static int of(ReplicationPlan plan) {
        return plan.refused() > 0 ? REFUSED : OK;
    }

    static int of(ReplicationResult result) {
        if (result.count(Outcome.Cancelled.class) > 0) {
            return CANCELLED;
        }
        if (result.count(Outcome.Failed.class) > 0) {
            return FAILED;
        }
        return result.count(Outcome.Refused.class) > 0 ? REFUSED : OK;
    }

    static int of(Tally.Verdict verdict) {
        return switch (verdict) {
            case DONE -> OK;
            case REFUSED -> REFUSED;
            case BUSY -> BUSY;
            case PARTLY_FAILED -> PARTLY_FAILED;
            case FAILED -> FAILED;
            case CANCELLED -> CANCELLED;
        };
    }

    static int of(VerificationResult result) {
        if (result.same()) {
            return OK;
        }
        return result.count(Standing.DIFFERENT) > 0 ? DIFFERENT : FAILED;
    }

    static int of(ZfsFailure failure) {
        return switch (failure.kind()) {
            case HOST_UNREACHABLE, HOST_REFUSED, TIMED_OUT, POOL_UNAVAILABLE, UNSUPPORTED -> UNREACHABLE;
            case NO_SUCH_DATASET, INVALID -> BAD_REQUEST;
            case CANCELLED -> CANCELLED;
            default -> FAILED;
        };
    }
}
