// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.cli.ControlSocket.Answer;
import dev.zlineage.scheduler.Job;
import dev.zlineage.scheduler.JobRecord;
import dev.zlineage.scheduler.ReplicationService;
import dev.zlineage.scheduler.TaskStatus;
import java.util.List;
import java.util.Optional;

/** What a daemon answers. Each call is the command, {@code json} or {@code text}, then its arguments. */
final class Control implements ControlSocket.Calls {

    private final ReplicationService service;

    Control(ReplicationService service) {
        this.service = service;
    }

    @Override
    public Answer answer(List<String> words) throws InterruptedException {
        try {
            boolean json = words.get(1).equals("json");
            String argument = words.size() > 2 ? words.get(2) : "";
            return switch (words.get(0)) {
                case "status" -> status(json);
                case "history" -> history(json, argument, Integer.parseInt(words.get(3)));
                case "run-now" -> queued(json, service.run(argument));
                case "cancel" -> cancelled(json, argument);
                case "pause" -> paused(json, argument, true);
                case "resume" -> paused(json, argument, false);
                default -> new Answer(ExitCode.BAD_REQUEST, "this daemon does not know '" + words.get(0) + "'\n");
            };
        } catch (IllegalArgumentException e) {
            return new Answer(ExitCode.BAD_REQUEST, e.getMessage() + "\n");
        } catch (RuntimeException e) {
            return new Answer(ExitCode.FAILED, e.getMessage() + "\n");
        }
    }

    private Answer status(boolean json) throws InterruptedException {
        List<TaskStatus> all = service.status();
        return ok(json ? ServiceJson.of(all) : ServiceText.of(all));
    }

    private Answer history(boolean json, String task, int atMost) throws InterruptedException {
        List<JobRecord> all = service.history(Optional.of(task).filter(id -> !id.isEmpty()), atMost);
        return ok(json ? ServiceJson.ofHistory(all) : ServiceText.ofHistory(all));
    }

    private static Answer queued(boolean json, List<Job> jobs) {
        return ok(json ? ServiceJson.ofJobs(jobs) : ServiceText.ofJobs(jobs));
    }

    private Answer cancelled(boolean json, String task) throws InterruptedException {
        boolean any = service.cancel(task);
        if (!any) {
            known(task); // what runs may be of a task that is not defined any more
        }
        return said(json, "cancelled", any, any ? "ended" : "nothing of it runs or waits");
    }

    private Answer paused(boolean json, String task, boolean yes) throws InterruptedException {
        known(task);
        if (yes) {
            service.pause(task);
        } else {
            service.goOn(task);
        }
        return said(json, "paused", yes, yes ? "paused: it begins nothing until 'resume'" : "goes on");
    }

    private void known(String task) throws InterruptedException {
        List<String> ids =
                service.status().stream().map(TaskStatus::task).distinct().toList();
        if (!ids.contains(task)) {
            throw new IllegalArgumentException("there is no task '" + task + "'; there "
                    + (ids.isEmpty() ? "is none" : "are " + String.join(", ", ids)));
        }
    }

    private static Answer said(boolean json, String name, boolean value, String words) {
        return ok(json ? "{\"" + name + "\": " + value + "}\n" : words + "\n");
    }

    private static Answer ok(String text) {
        return new Answer(ExitCode.OK, text);
    }
}
