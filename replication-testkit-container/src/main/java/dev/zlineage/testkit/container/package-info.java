// SPDX-License-Identifier: Apache-2.0
/** Real OpenZFS for a test, in a container that needs no privileges. */
package dev.zlineage.testkit.container;
