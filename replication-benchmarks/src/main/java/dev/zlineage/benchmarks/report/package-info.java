// SPDX-License-Identifier: Apache-2.0
/** Measures what a run costs and how that grows, and writes it down as Markdown with plots. */
@NullMarked
package dev.zlineage.benchmarks.report;

import org.jspecify.annotations.NullMarked;
