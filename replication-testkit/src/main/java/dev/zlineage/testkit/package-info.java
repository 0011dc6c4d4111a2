/** Fakes, faults and contract suites for code that embeds this library. */
@NullMarked
package dev.zlineage.testkit;

import org.jspecify.annotations.NullMarked;
