// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.mark.OnPoolNames;
import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the targets of a request are encrypted, and what speaks against it.
 *
 * @param request what was asked for
 * @param target what was seen of the host that receives
 * @param names what is ours on it
 */
record TargetEncryption(ReplicationRequest request, HostView target, OnPoolNames names) {

    /** The key of a new dataset that is the root of its own encryption. */
    static Optional<EncryptionChoice.OwnKey> ownKey(ReplicationRequest request, DatasetName to) {
        boolean top = to.equals(request.target()) || SetAside.target(to).equals(Optional.of(request.target()));
        return top && request.encryption() instanceof EncryptionChoice.OwnKey own ? Optional.of(own) : Optional.empty();
    }

    /** What a new dataset is created with, where it has a key of its own. */
    static Map<String, String> properties(ReplicationRequest request, OnPoolNames names, DatasetName to) {
        return ownKey(request, to)
                .map(own -> Map.of(
                        "encryption",
                        "on",
                        "keyformat",
                        own.format().value(),
                        "keylocation",
                        "file://" + own.path().orElseGet(names::keyFile)))
                .orElse(Map.of());
    }

    /** Where a new dataset has a key of its own, that has to be in its file first. */
    Optional<TargetStep.StoreKey> storing(DatasetName to) {
        return ownKey(request, to)
                .map(own -> new TargetStep.StoreKey(to, own, own.path().orElseGet(names::keyFile)));
    }

    /** What has to be done before a new dataset is received. */
    List<TargetStep> before(DatasetName to) {
        return storing(to).<TargetStep>map(s -> s).stream().toList();
    }

    /** Whether what is not sent raw is, or will be, encrypted there. */
    boolean encrypts(DatasetName to) {
        for (Optional<DatasetName> at = Optional.of(to);
                at.isPresent();
                at = at.get().parent()) {
            Optional<Dataset> there = target.dataset(at.get());
            if (there.isPresent() || ownKey(request, at.get()).isPresent()) {
                return there.isEmpty() || there.get().encryption().isPresent();
            }
        }
        return false;
    }

    /** Why a new dataset can't be encrypted as it was asked for. */
    Optional<Decision> ofNew(DatasetName to, boolean raw) {
        if (raw) {
            return Optional.empty();
        }
        if (request.encryption() instanceof EncryptionChoice.Inherited && !encrypts(to)) {
            return refuse(
                    "it is to take part in the encryption of what is above it, and that is not encrypted",
                    "choose a target below a dataset that is, or give it a key of its own");
        }
        if (request.encryption() instanceof EncryptionChoice.OwnKey && !encrypts(to)) {
            return refuse(
                    "it is to take part in the encryption of " + request.target() + ", which is there and has none",
                    "choose a target that does not exist");
        }
        return Optional.empty();
    }

    /** Why a dataset that is there can't go on as it was asked for. */
    Optional<Decision> ofExisting(Dataset to, boolean raw) {
        boolean asked = !raw && !(request.encryption() instanceof EncryptionChoice.AsItComes);
        return asked && to.encryption().isEmpty()
                ? refuse(
                        "it is there already, and not encrypted",
                        "choose a target that does not exist, or leave the encryption out")
                : Optional.empty();
    }

    /** Why a dataset that holds nothing can't be replaced by a full stream: OpenZFS refuses that wherever something is encrypted. */
    Optional<Decision> ofReplaced(Dataset empty, boolean raw) {
        return raw || empty.encryption().isPresent()
                ? refuse(
                        "it is there and holds nothing, and OpenZFS does not replace what is encrypted, nor by it",
                        "destroy it (zfs destroy " + empty.name() + "), so that it can be received anew")
                : Optional.empty();
    }

    /** Why nothing that is not raw can be received into a dataset, new or not: it would have to be encrypted on arrival. */
    Optional<Decision> locked(DatasetName to) {
        Optional<Dataset> there = target.dataset(to);
        if (there.isEmpty()) {
            return ownKey(request, to).isPresent()
                    ? Optional.empty()
                    : to.parent().flatMap(this::locked);
        }
        return there.flatMap(Dataset::encryption)
                .filter(e -> !e.keyLoaded())
                .flatMap(e -> refuse(
                        "the key of " + e.root()
                                + " is not loaded on the target's host, and what arrives has to be encrypted",
                        "load it (zfs load-key " + e.root() + ")"));
    }

    private static Optional<Decision> refuse(String why, String wayOut) {
        return Optional.of(
                Refusals.refuse(Decision.Reason.ENCRYPTION, "the target can't be encrypted so: " + why, wayOut));
    }
}
