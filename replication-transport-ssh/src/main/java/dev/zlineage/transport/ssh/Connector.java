// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * Makes connections to one host. The limit of time is one for all that connecting takes, which sshj does not know: the work
 * is done on a fork, and one that takes too long has its socket closed. Safe for use by several threads.
 */
final class Connector {

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /** Fewer than the ten of OpenSSH's MaxStartups, beyond which it turns connections away by chance. */
    private final Semaphore atOnce = new Semaphore(4, true);

    private final SshEndpoint endpoint;
    private final SshOptions options;
    private final Duration atMost;

    Connector(SshEndpoint endpoint, SshOptions options) {
        this.endpoint = endpoint;
        this.options = options;
        Duration whole = Duration.ZERO;
        for (Optional<SshEndpoint> hop = Optional.of(endpoint);
                hop.isPresent();
                hop = hop.get().jump()) {
            whole = whole.plus(hop.get().connectTimeout());
        }
        this.atMost = whole;
    }

    /** What came of an attempt. */
    private record Result(Optional<SshConnection> connection, Optional<IOException> failure) {}

    /**
     * Connects and logs in.
     *
     * @param stop asked again and again; true gives the attempt up
     * @throws SshFailure if that can't be done, in words for a person
     * @throws InterruptedIOException if the thread is interrupted, which it then still is
     */
    SshConnection connect(BooleanSupplier stop) throws IOException {
        Concurrency.Mailbox<Result> done = options.concurrency().mailbox();
        Login login = new Login(endpoint, options.listener());
        boolean admitted = false;
        try {
            atOnce.acquire();
            admitted = true;
            options.concurrency().fork("connect", () -> done.post(attempt(login)));
            long since = options.concurrency().nanoTime();
            Result result = null;
            while (result == null
                    && !stop.getAsBoolean()
                    && options.concurrency().nanoTime() - since < atMost.toNanos()) {
                result = done.poll(LOOK_EVERY).orElse(null);
            }
            if (result == null && stop.getAsBoolean()) {
                login.giveUp();
                throw new SshFailure(Reason.UNREACHABLE, "connecting to " + endpoint + " was given up");
            }
            if (result == null) {
                login.giveUp();
                throw new SshFailure(
                        Reason.UNREACHABLE,
                        login.where() + " did not answer within " + atMost.toSeconds() + " s while " + login.doing());
            }
            if (result.failure().isPresent()) {
                throw result.failure().get();
            }
            return result.connection().orElseThrow();
        } catch (InterruptedException e) {
            login.giveUp();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while connecting to " + endpoint);
        } finally {
            if (admitted) {
                atOnce.release();
            }
        }
    }

    private static Result attempt(Login login) {
        try {
            SshConnection connection = login.connection();
            return new Result(Optional.of(connection), Optional.empty());
        } catch (IOException e) {
            return new Result(Optional.empty(), Optional.of(e));
        } catch (RuntimeException e) {
            return new Result(
                    Optional.empty(),
                    Optional.of(new SshFailure(
                            Reason.UNREACHABLE,
                            login.where() + ": " + SshFailure.text(e) + ", while " + login.doing(),
                            e)));
        }
    }
}
