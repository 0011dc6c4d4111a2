// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/**
 * The identity that OpenZFS gives to a dataset or snapshot when it comes into being: 64 random bits, never zero.
 *
 * <p>A received snapshot keeps the GUID of the snapshot that was sent, and a bookmark has that of the snapshot it was
 * made of; this is what tells that two snapshots on two hosts are one, whatever they are called. A received
 * <em>dataset</em> has a GUID of its own. Equal GUIDs prove the same origin, not the same contents.
 *
 * @param bits the 64 bits; OpenZFS reads them as an unsigned number
 */
public record Guid(long bits) {

    /** Stands for the GUID of a snapshot that is planned and not yet taken. OpenZFS never gives it. */
    public static final Guid PLANNED = new Guid(0);

    /**
     * Reads a GUID as {@code zfs list -p} prints it.
     *
     * @param decimal an unsigned decimal number
     * @return the GUID
     * @throws NumberFormatException if it is no unsigned 64-bit number
     */
    public static Guid parse(String decimal) {
        return new Guid(Long.parseUnsignedLong(decimal));
    }

    /**
     * The GUID in a form of constant length, for names.
     *
     * @return 16 lower-case hexadecimal digits
     */
    public String hex() {
        return String.format("%016x", bits);
    }

    /** The unsigned decimal number that {@code zfs} prints. */
    @Override
    public String toString() {
        return Long.toUnsignedString(bits);
    }
}
