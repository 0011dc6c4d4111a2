// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.ZfsFailure.Kind;

/**
 * The properties that a receive is asked to set or to leave out, and those that come with the stream.
 *
 * @param request what was asked for
 * @param begin what the stream says of itself
 */
record ReceiveProperties(ReceiveStream request, Begin begin) {

    void check() {
        for (String name : request.exclude()) {
            requireReceivable(name);
        }
        if (begin.key() != null
                && (request.exclude().contains("encryption") || request.set().containsKey("encryption"))) {
            throw new Refusal(
                    Kind.INVALID,
                    "cannot receive new filesystem stream: encryption property 'encryption' cannot be set or excluded for"
                            + " raw streams.");
        }
        if ("prompt".equals(request.set().get("keylocation"))) {
            throw new Refusal(
                    Kind.INVALID,
                    "cannot receive new filesystem stream: Cannot use 'prompt' keylocation because stdin is in use.");
        }
        for (String name : request.set().keySet()) {
            if (NewEncryption.PROPERTIES.contains(name)) {
                continue;
            }
            requireReceivable(name);
            if (!NativeProperty.isUser(name) && !NativeProperty.of(name).isOf(begin.kind())) {
                throw new Refusal(
                        Kind.INVALID,
                        "cannot receive new filesystem stream: property '" + name
                                + "' does not apply to datasets of this type");
            }
        }
    }

    /** What is decided once and for all comes with the data; the encryption is the one exception. */
    private static void requireReceivable(String name) {
        if (name.equals("encryption")) {
            return;
        }
        boolean known;
        if (NativeProperty.isUser(name)) {
            known = NativeProperty.isWellFormed(name);
        } else {
            NativeProperty.Form form = NativeProperty.of(name).form();
            known = form != NativeProperty.Form.AT_CREATION
                    && form != NativeProperty.Form.COMPUTED
                    && !name.equals("volsize");
        }
        if (!known) {
            throw new Refusal(Kind.INVALID, "cannot receive: cannot receive: invalid property '" + name + "'");
        }
    }

    /** Whether a new dataset stays as its stream is although all around it is encrypted: nobody said otherwise. */
    boolean staysInTheClear() {
        return "off".equals(request.set().get("encryption"))
                || begin.properties() != null && !request.exclude().contains("encryption");
    }

    /** Sets what is to be set; that stays even when the stream is cut. */
    void set(FakeDataset dataset) {
        request.set().forEach((name, value) -> {
            if (!NewEncryption.PROPERTIES.contains(name)) {
                dataset.properties().set(name, value);
            }
        });
    }

    /** Takes what comes with the stream. */
    void receive(FakeDataset dataset) {
        SentProperties sent = begin.properties();
        if (sent != null) {
            dataset.properties().receive(sent.dataset(), request.exclude());
        }
    }
}
