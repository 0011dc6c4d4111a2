// SPDX-License-Identifier: Apache-2.0
/** Hosts as parameters of JUnit tests. Needs JUnit Jupiter on the class path. */
package dev.zlineage.testkit.junit;
