// SPDX-License-Identifier: Apache-2.0
/**
 * Fakes and faults for tests of code that embeds this library. Most need only {@link dev.zlineage.testkit.FakeZfs}, and
 * {@link dev.zlineage.testkit.VirtualConcurrency} where threads or time matter.
 */
@NullMarked
package dev.zlineage.testkit;

import org.jspecify.annotations.NullMarked;
