// SPDX-License-Identifier: Apache-2.0
/** Real OpenZFS for a test, in a machine that QEMU emulates: no kernel module, no KVM, and no privileges once its image is built. */
package dev.zlineage.testkit.lab;
