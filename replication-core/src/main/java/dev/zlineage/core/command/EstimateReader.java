// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

/** Finds the total in the dry run of {@code zfs send}. */
final class EstimateReader implements Listing.Reader<Long> {

    private long total = -1;

    @Override
    public void read(String stdout) throws UnreadableException {
        Rows rows = new Rows(stdout);
        while (rows.next()) {
            String row = rows.row();
            if (row.startsWith("size\t")) {
                total = rows.bytes(row.substring("size\t".length()));
            }
        }
    }

    @Override
    public Long answer() throws UnreadableException {
        if (total < 0) {
            throw new UnreadableException("the dry run of the stream told no size", "");
        }
        return total;
    }
}
