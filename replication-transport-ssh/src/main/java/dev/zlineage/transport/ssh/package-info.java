/** Runs <code>zfs</code> on another host over SSH. */
@NullMarked
package dev.zlineage.transport.ssh;

import org.jspecify.annotations.NullMarked;
