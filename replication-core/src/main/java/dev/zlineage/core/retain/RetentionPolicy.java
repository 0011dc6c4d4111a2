// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.select.Schedule;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;

/** What an owner wants of the snapshots that it owns: which stay, and which may go. */
public sealed interface RetentionPolicy {

    /**
     * On the target of a replication: what the source does not have any more may go, judged by GUID. Snapshots newer than the
     * newest that both have stay: those were made on the target, and are no deletions of the source.
     */
    record SameAsSource() implements RetentionPolicy {}

    /**
     * Snapshots stay as long as they are young.
     *
     * @param otherwise for snapshots that match no schedule
     * @param scheduled for those that do; of several that match, the longest counts
     */
    record Lifetimes(Lifetime otherwise, List<Scheduled> scheduled) implements RetentionPolicy {

        /** Copies the list. */
        public Lifetimes {
            scheduled = List.copyOf(scheduled);
        }

        /**
         * One lifetime for all.
         *
         * @param lifetime how long
         */
        public Lifetimes(Lifetime lifetime) {
            this(lifetime, List.of());
        }
    }

    /**
     * A lifetime for some.
     *
     * @param schedule for snapshots that were taken in one of its minutes
     * @param lifetime how long
     */
    record Scheduled(Schedule schedule, Lifetime lifetime) {}

    /**
     * The newest stay.
     *
     * @param count how many, at least one
     */
    record KeepNewest(int count) implements RetentionPolicy {

        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public KeepNewest {
            if (count < 1) {
                throw new IllegalArgumentException(
                        "the number of newest snapshots to keep is " + count + ", and has to be at least 1");
            }
        }
    }

    /**
     * Of each of the latest hours, days, weeks, months and years that have a snapshot, the newest stays. Each rule counts for
     * itself, and one snapshot may stay by several. Weeks begin on Monday.
     *
     * @param hourly how many hours
     * @param daily how many days
     * @param weekly how many weeks
     * @param monthly how many months
     * @param yearly how many years
     * @param latest how many of the newest stay whatever their time
     */
    record Buckets(int hourly, int daily, int weekly, int monthly, int yearly, int latest) implements RetentionPolicy {

        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if one is negative, or all are zero
         */
        public Buckets {
            IntSummaryStatistics numbers =
                    IntStream.of(hourly, daily, weekly, monthly, yearly, latest).summaryStatistics();
            if (numbers.getMin() < 0 || numbers.getMax() == 0) {
                throw new IllegalArgumentException("the numbers of hours, days, weeks, months and years to keep are "
                        + hourly + ", " + daily + ", " + weekly + ", " + monthly + " and " + yearly
                        + ", and of the latest "
                        + latest + "; none may be negative, and one has to be positive");
            }
        }

        /**
         * Periods alone.
         *
         * @param hourly how many hours
         * @param daily how many days
         * @param weekly how many weeks
         * @param monthly how many months
         * @param yearly how many years
         */
        public Buckets(int hourly, int daily, int weekly, int monthly, int yearly) {
            this(hourly, daily, weekly, monthly, yearly, 0);
        }
    }

    /** All stay. */
    record Never() implements RetentionPolicy {}

    /**
     * Snapshots of any name stay until the date that a user property of their own tells; those without it are not owned. The
     * value is a moment or a date in the form of ISO 8601, or seconds since 1970. One that can't be read keeps its snapshot.
     *
     * @param property the property's name, with a colon; {@link #DESTROY_AT} where nothing else is agreed
     */
    record ExpiryProperty(String property) implements RetentionPolicy {

        /** The property that is read where nothing else is agreed. */
        public static final String DESTROY_AT = "zlineage:destroy_at";

        /**
         * Checks the name.
         *
         * @throws IllegalArgumentException if it is that of no user property
         */
        public ExpiryProperty {
            if (property.indexOf(':') < 0) {
                throw new IllegalArgumentException(
                        "'" + property + "' is no user property: its name needs a colon, such as " + DESTROY_AT);
            }
        }
    }
}
