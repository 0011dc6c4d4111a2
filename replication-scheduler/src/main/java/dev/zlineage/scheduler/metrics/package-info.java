// SPDX-License-Identifier: Apache-2.0
/** What a service does, in numbers, for those who have Micrometer on their module path. */
package dev.zlineage.scheduler.metrics;
