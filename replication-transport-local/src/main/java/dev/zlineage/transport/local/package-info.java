/** Runs <code>zfs</code> on this host. */
@NullMarked
package dev.zlineage.transport.local;

import org.jspecify.annotations.NullMarked;
