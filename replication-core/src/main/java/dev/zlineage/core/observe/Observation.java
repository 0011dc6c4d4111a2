// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.observe;

/**
 * What was seen of both sides of a replication.
 *
 * @param source the side that sends
 * @param target the side that receives
 */
public record Observation(HostView source, HostView target) {}
