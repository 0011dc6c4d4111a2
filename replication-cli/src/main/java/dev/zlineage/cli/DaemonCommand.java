// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.InvalidRequestException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the tasks of a definition file when they are due, until it is stopped. */
@Command(
        name = "daemon",
        header = "Runs the tasks of a definition file when they are due, until it is stopped.",
        customSynopsis = "zlineage daemon FILE [--state DIRECTORY] [OPTIONS]",
        description = {
            "",
            "What is due is written down before it is begun. When the daemon or the machine dies, the next daemon goes on with"
                    + " what was not done; times that were missed are caught up once, unless a task says otherwise.",
            "",
            "The file is read again when it changes, and at SIGHUP; what runs goes on. One with mistakes is told of, and the daemon goes on with what it has."
                    + " SIGTERM lets what runs end within --grace; what is cut then is carried on by the next daemon.",
            "",
            "It is asked and told by 'status', 'run-now', 'cancel', 'pause', 'resume' and 'history', by whoever may use"
                    + " the socket in its directory.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {"  zlineage daemon /etc/zlineage.yaml", "  zlineage daemon definition.yaml --state ./state --events"})
final class DaemonCommand implements Callable<Integer> {

    private final Environment environment;

    @Parameters(index = "0", paramLabel = "FILE", description = "The definition file, YAML in UTF-8.")
    private @Nullable Path file;

    @Mixin
    private StateOption state = new StateOption();

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = Durations.class,
            description = "How long what runs may go on after SIGTERM, such as 30s or 10m (default: ${DEFAULT-VALUE}).")
    private Duration grace = Duration.ofSeconds(60);

    @Option(names = "--events", description = "Print what happens as lines of JSON.")
    private boolean events;

    @Option(
            names = "--metrics",
            paramLabel = "[HOST:]PORT",
            converter = ListenAddress.class,
            description =
                    "Answer /metrics for Prometheus and /health over HTTP, on the loopback unless a HOST is given."
                            + " Without it, nothing listens.")
    private @Nullable InetSocketAddress metrics;

    @Mixin
    private ShareOption share = new ShareOption();

    @Mixin
    private LockOptions locks = new LockOptions();

    @Mixin
    private HostOptions host = new HostOptions();

    @Mixin
    private LoginOptions login = new LoginOptions();

    DaemonCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path path = file == null ? Path.of("") : file;
        share.problem().ifPresent(problem -> {
            throw new InvalidRequestException(List.of(problem));
        });
        Daemon daemon = new Daemon(
                environment,
                path,
                state,
                host,
                login,
                share.share(),
                events,
                Optional.ofNullable(metrics),
                locks.patient(environment, "zlineage daemon " + path));
        SignalGuard guard = SignalGuard.install(daemon::stop, grace.plusSeconds(30));
        HangUp reload = HangUp.then(daemon::reload);
        try {
            daemon.run(grace);
        } finally {
            reload.close();
            guard.close();
        }
        return ExitCode.OK;
    }
}
