// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

/** Adds up the second of two columns. */
final class SumReader implements Listing.Reader<Long> {

    private long sum;

    @Override
    public void read(String stdout) throws UnreadableException {
        Rows rows = new Rows(stdout);
        while (rows.next()) {
            sum += rows.bytes(rows.columns(2)[1]);
        }
    }

    @Override
    public Long answer() {
        return sum;
    }
}
