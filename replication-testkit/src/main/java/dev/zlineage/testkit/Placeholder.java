// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

/** Keeps the module from being empty until its first type is there. */
public interface Placeholder {}
