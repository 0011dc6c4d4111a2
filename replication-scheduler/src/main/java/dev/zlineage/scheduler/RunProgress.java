// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

/**
 * How far a job is.
 *
 * @param dataset what is sent now; empty while nothing is
 * @param snapshot the newest snapshot of the stream under way
 * @param bytes how much moved since the job began
 * @param expected how much will have moved in the end, as far as that is known; 0 if it is not
 * @param done how many datasets are done
 * @param datasets how many there are
 */
public record RunProgress(String dataset, String snapshot, long bytes, long expected, int done, int datasets) {

    /** Nothing happened yet. */
    public static final RunProgress NONE = new RunProgress("", "", 0, 0, 0, 0);
}
