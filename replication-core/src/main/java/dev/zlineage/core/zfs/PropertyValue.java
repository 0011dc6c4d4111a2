// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/**
 * A property as {@code zfs get} shows it.
 *
 * @param dataset whose property it is
 * @param property the native or user property's name
 * @param value its value in the exact form of {@code -p}
 * @param source where it comes from: {@code local}, {@code default}, {@code received}, {@code temporary},
 *     {@code inherited from NAME}, or {@code -}
 */
public record PropertyValue(DatasetName dataset, String property, String value, String source) {}
