// SPDX-License-Identifier: Apache-2.0
/** Hosts as parameters of JUnit tests. Needs JUnit 6 on the class path. */
package dev.zlineage.testkit.junit;
