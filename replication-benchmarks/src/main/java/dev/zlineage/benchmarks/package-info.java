/** Benchmarks. */
@NullMarked
package dev.zlineage.benchmarks;

import org.jspecify.annotations.NullMarked;
