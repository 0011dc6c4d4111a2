// SPDX-License-Identifier: Apache-2.0
/** Assertions in the words of ZFS. Needs AssertJ on the class path. */
package dev.zlineage.testkit.assertj;
