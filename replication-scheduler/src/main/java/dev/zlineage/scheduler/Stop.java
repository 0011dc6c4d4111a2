// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

/** Why a job that runs is ended from outside. */
enum Stop {
    BY_HAND("cancelled"),
    DEADLINE("its deadline was reached; what was cut is carried on by the next run"),
    WINDOW("its time of the day is over; what was cut is carried on by the next run"),
    PAUSED("paused"),
    SHUTDOWN("the service was stopped"),
    NO_THREAD("no thread could be begun for it");

    private final String words;

    Stop(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** Whether the job is to be begun again. */
    boolean goesOn() {
        return this == PAUSED || this == SHUTDOWN || this == NO_THREAD;
    }
}
