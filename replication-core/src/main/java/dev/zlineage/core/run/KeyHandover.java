// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.mark.OnPoolNames;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the key of a target over to a {@link KeySink}, at the end of each run that asks for it.
 *
 * <p>Whether that is still to be done is written on the pool: from its creation on, the {@code keylocation} of the target names
 * the file in which the key was for the receive, and only once the key was kept that becomes {@code prompt}. So neither a cut
 * nor a crash loses it. The file itself lies in memory, is of no use after the receive, and goes first.
 */
final class KeyHandover {

    private static final Logger LOG = LoggerFactory.getLogger(KeyHandover.class);
    private static final String LOCATION = "keylocation";
    private static final String TOKEN = "receive_resume_token";

    private final ReplicationPlan plan;
    private final Zfs host;
    private final Optional<KeySink> sink;
    private final Consumer<String> warn;
    private final DatasetName target;
    private final String file;

    KeyHandover(ReplicationPlan plan, Zfs host, Optional<KeySink> sink, Consumer<String> warn) {
        this.plan = plan;
        this.host = host;
        this.sink = sink;
        this.warn = warn;
        this.target = plan.request().target();
        this.file = OnPoolNames.ofHoldTag(plan.holdTag()).keyFile();
    }

    /** Does what is to be done; answers why the key is not kept, though it ought to be. */
    Optional<ZfsFailure> carryOut() throws InterruptedException {
        return sink.isPresent()
                        && plan.request().encryption() instanceof EncryptionChoice.OwnKey own
                        && own.path().isEmpty()
                ? look(own, sink.get())
                : Optional.empty();
    }

    private Optional<ZfsFailure> look(EncryptionChoice.OwnKey own, KeySink to) throws InterruptedException {
        List<Answer<?>> answers = host.execute(List.of(
                new ZfsCommand.RemoveKey(file),
                new ZfsCommand.GetProperties(List.of(target), List.of(LOCATION, TOKEN))));
        failure(answers.get(0))
                .ifPresent(failure -> warn.accept(
                        "the key of " + target + " is still in " + file + " of its host; remove it: " + failure));
        Map<String, String> found = new HashMap<>();
        if (answers.get(1) instanceof Answer.Failed<?> failed) {
            return failed.failure().kind() == ZfsFailure.Kind.NO_SUCH_DATASET
                    ? Optional.empty()
                    : notKept("it can't be seen whether that was done: " + failed.failure());
        }
        ((List<?>) answers.get(1).orThrow()).forEach(each -> {
            PropertyValue property = (PropertyValue) each;
            found.put(property.property(), property.value());
        });
        boolean pending = ("file://" + file).equals(found.get(LOCATION));
        boolean arrived = "-".equals(found.getOrDefault(TOKEN, "-"));
        return pending && arrived ? handOver(own, to) : Optional.empty();
    }

    private Optional<ZfsFailure> handOver(EncryptionChoice.OwnKey own, KeySink to) throws InterruptedException {
        Optional<ZfsFailure> unfit = failure(host.execute(new ZfsCommand.CheckKey(target, own.key())))
                .filter(failure -> failure.kind() == ZfsFailure.Kind.WRONG_KEY);
        if (unfit.isPresent()) {
            return notKept("it was made with another key than the one that the request has now; give that one: "
                    + unfit.get());
        }
        try {
            to.keep(new ReceivedKey(host.host(), target, own.format(), own.key()));
        } catch (KeyNotKeptException e) {
            LOG.warn("the key of {} is not kept", target, e);
            return notKept(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.warn("the key of {} is not kept", target, e);
            return notKept("unexpected: " + e);
        }
        failure(host.execute(new ZfsCommand.SetProperties(target, Map.of(LOCATION, "prompt"))))
                .ifPresent(failure -> warn.accept("the key of " + target
                        + " was handed over, and is again by each run until keylocation can be set to prompt: "
                        + failure));
        return Optional.empty();
    }

    private Optional<ZfsFailure> notKept(String why) {
        return Optional.of(new ZfsFailure(
                ZfsFailure.Kind.KEY_NOT_KEPT,
                "hand over the key of " + target,
                "the key of " + target + " was not handed over, and is by the next run: " + why));
    }

    private static Optional<ZfsFailure> failure(Answer<?> answer) {
        return answer instanceof Answer.Failed<?> failed ? Optional.of(failed.failure()) : Optional.empty();
    }
}
