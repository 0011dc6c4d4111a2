// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.Dataset.ResumeToken;

/**
 * What an interrupted resumable receive left on its target.
 *
 * @param begin what the stream said of itself
 * @param staged what of it arrived
 * @param records how many records that is
 * @param spoiled whether OpenZFS 2.1 has refused to carry it on, and does so ever after
 */
record PartialReceive(Begin begin, Staging staged, int records, boolean spoiled) {

    PartialReceive(Begin begin, Staging staged, int records) {
        this(begin, staged, records, false);
    }

    PartialReceive refused() {
        return new PartialReceive(begin, staged, records, true);
    }

    ResumeToken token() {
        return new Token(begin.toName(), begin.toGuid(), begin.fromGuid(), begin.form(), records).text();
    }
}
