// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/**
 * What is asked of a plan of deletions.
 *
 * @param owners everyone who has a say
 * @param now what age is measured against
 * @param zone the zone of names without an offset, of schedules and of calendars
 * @param maximumShare how many of a dataset's snapshots, and of those of all datasets together, may be destroyed at once, as
 *     a part of 1; {@link #DEFAULT_SHARE} unless someone consents to more
 * @param beforeSending whether the room is needed by a stream that is to come: then nothing is destroyed in a dataset that is
 *     not the target of a replication with a base that was seen on both sides
 */
public record RetentionRequest(
        List<Owner> owners, Instant now, ZoneId zone, double maximumShare, boolean beforeSending) {

    /** A half. */
    public static final double DEFAULT_SHARE = 0.5;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the share is not more than 0 and at most 1
     */
    public RetentionRequest {
        owners = List.copyOf(owners);
        if (!(maximumShare > 0 && maximumShare <= 1)) {
            throw new IllegalArgumentException(
                    "maximumShare is " + maximumShare + ", and has to be more than 0 and at most 1");
        }
    }

    /**
     * With the default share.
     *
     * @param owners everyone who has a say
     * @param now what age is measured against
     * @param zone the zone of names without an offset, of schedules and of calendars
     */
    public RetentionRequest(List<Owner> owners, Instant now, ZoneId zone) {
        this(owners, now, zone, DEFAULT_SHARE, false);
    }

    /**
     * The same with consent to another share.
     *
     * @param share more than 0 and at most 1
     * @return a request
     */
    public RetentionRequest withMaximumShare(double share) {
        return new RetentionRequest(owners, now, zone, share, beforeSending);
    }

    /**
     * The same to make room for a stream that is to come.
     *
     * @return a request
     */
    public RetentionRequest forRoom() {
        return new RetentionRequest(owners, now, zone, maximumShare, true);
    }
}
