// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.select.Schedule;
import java.time.LocalDateTime;
import java.util.List;

/** The minutes that several schedules have in common. */
record AllOf(List<Schedule> schedules) implements Schedule {

    AllOf {
        schedules = List.copyOf(schedules);
    }

    @Override
    public boolean matches(LocalDateTime minute) {
        return schedules.stream().allMatch(schedule -> schedule.matches(minute));
    }
}
