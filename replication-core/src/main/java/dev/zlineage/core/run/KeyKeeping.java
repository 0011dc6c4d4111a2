// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.mark.OnPoolNames;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
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
 * Sees to it that the key of a target which has one of its own is kept where the request says: at the end of each run, from
 * what is on the pool.
 *
 * <p>Where it is in a file, {@code keylocation} has to name that. OpenZFS sets this when a receive is complete, and forgets it for
 * one that was cut and carried on; the host could not load the key by itself then.
 *
 * <p>Where it is handed over to a {@link KeySink}, {@code keylocation} becomes {@code prompt} once the sink has kept it, and only
 * then. Before, it names the file in which the key was for the receive, or nothing: so neither a cut nor a crash loses the key.
 * That file lies in memory, is of no use after the receive, and goes first.
 */
final class KeyKeeping {

    private static final Logger LOG = LoggerFactory.getLogger(KeyKeeping.class);
    private static final String LOCATION = "keylocation";
    private static final String ROOT = "encryptionroot";
    private static final String TOKEN = "receive_resume_token";

    private final ReplicationPlan plan;
    private final Zfs host;
    private final Optional<KeySink> sink;
    private final Consumer<String> warn;
    private final DatasetName target;
    private final String file;

    KeyKeeping(ReplicationPlan plan, Zfs host, Optional<KeySink> sink, Consumer<String> warn) {
        this.plan = plan;
        this.host = host;
        this.sink = sink;
        this.warn = warn;
        this.target = plan.request().target();
        this.file = OnPoolNames.ofHoldTag(plan.holdTag()).keyFile();
    }

    /** Does what is to be done; answers why the key is not kept, though it ought to be. */
    Optional<ZfsFailure> carryOut() throws InterruptedException {
        if (!(plan.request().encryption() instanceof EncryptionChoice.OwnKey own)) {
            return Optional.empty();
        }
        if (own.path().isPresent()) {
            return inFile("file://" + own.path().get());
        }
        return sink.isPresent() ? withSink(own, sink.get()) : Optional.empty();
    }

    private Optional<ZfsFailure> inFile(String location) {
        Answer<List<PropertyValue>> answer = host.execute(looking());
        if (answer instanceof Answer.Done<List<PropertyValue>> done
                && location(done.value()).filter("none"::equals).isPresent()) {
            failure(set(location))
                    .ifPresent(failure -> warn.accept("the host of " + target
                            + " does not know where its key is; zfs set keylocation=" + location + " " + target + ": "
                            + failure));
        }
        return Optional.empty();
    }

    private Optional<ZfsFailure> withSink(EncryptionChoice.OwnKey own, KeySink to) throws InterruptedException {
        failure(host.execute(new ZfsCommand.RemoveKey(file)))
                .ifPresent(failure -> warn.accept(
                        "the key of " + target + " is still in " + file + " of its host; remove it: " + failure));
        Answer<List<PropertyValue>> answer = host.execute(looking());
        if (answer instanceof Answer.Failed<?> failed) {
            return failed.failure().kind() == ZfsFailure.Kind.NO_SUCH_DATASET
                    ? Optional.empty()
                    : notKept("it can't be seen whether that was done: " + failed.failure());
        }
        Optional<String> location = location(answer.orThrow());
        boolean pending = location.filter(l -> l.equals("file://" + file) || l.equals("none"))
                .isPresent();
        return pending ? handOver(own, to) : Optional.empty();
    }

    private ZfsCommand.GetProperties looking() {
        return new ZfsCommand.GetProperties(List.of(target), List.of(LOCATION, ROOT, TOKEN));
    }

    /** Of a target that is whole, and the root of its own encryption. */
    private Optional<String> location(List<PropertyValue> found) {
        Map<String, String> values = new HashMap<>();
        found.forEach(each -> values.put(each.property(), each.value()));
        boolean whole = "-".equals(values.getOrDefault(TOKEN, "-"));
        return whole && target.value().equals(values.get(ROOT))
                ? Optional.ofNullable(values.get(LOCATION))
                : Optional.empty();
    }

    private Answer<Effect> set(String location) {
        return host.execute(new ZfsCommand.SetProperties(target, Map.of(LOCATION, location)));
    }

    private Optional<ZfsFailure> handOver(EncryptionChoice.OwnKey own, KeySink to) throws InterruptedException {
        Optional<ZfsFailure> unfit = failure(host.execute(new ZfsCommand.CheckKey(target, own.key())));
        boolean unchecked =
                unfit.filter(f -> f.kind() == ZfsFailure.Kind.NO_PERMISSION).isPresent();
        if (unfit.isPresent() && !unchecked) {
            return notKept((unfit.get().kind() == ZfsFailure.Kind.WRONG_KEY
                            ? "it was made with another key than the one that the request has now; give that one: "
                            : "it can't be seen whether it is the one that opens it: ")
                    + unfit.get());
        }
        try {
            to.keep(new ReceivedKey(host.host(), target, own.format(), own.key()));
        } catch (KeyNotKeptException e) {
            LOG.warn("the key of {} is not kept", target, e);
            return notKept(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // whatever threw it may have put the key into its message
            LOG.warn("the key of {} is not kept: {}", target, e.getClass().getName());
            return notKept("unexpected: " + e.getClass().getName());
        }
        if (unchecked) {
            warn.accept("the key of " + target
                    + " was handed over unchecked, and is again by each run: its user may not load" + " keys there");
            return Optional.empty();
        }
        failure(set("prompt"))
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
