// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.ZfsFailure.Kind;

/**
 * The properties that a receive is asked to set or to leave out.
 *
 * @param request what was asked for
 * @param begin what the stream says of itself
 */
record ReceiveProperties(ReceiveStream request, Begin begin) {

    void check() {
        for (String name : request.exclude()) {
            if (!NativeProperty.isUser(name)) {
                NativeProperty.of(name);
            }
        }
        if (begin.key() != null
                && (request.exclude().contains("encryption") || request.set().containsKey("encryption"))) {
            throw new Refusal(Kind.INVALID, "cannot receive: the encryption of a raw stream can't be overridden");
        }
        if ("prompt".equals(request.set().get("keylocation"))) {
            throw new Refusal(
                    Kind.INVALID,
                    "cannot receive new filesystem stream: Cannot use 'prompt' keylocation because stdin is in use.");
        }
    }

    void apply(FakeDataset dataset) {
        request.set().forEach((name, value) -> {
            if (!NewEncryption.PROPERTIES.contains(name)) {
                dataset.properties().set(name, value);
            }
        });
    }
}
