// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

/**
 * A bookmark.
 *
 * @param label the part behind the {@code #}
 * @param guid that of its snapshot
 * @param createtxg that of its snapshot
 * @param creation that of its snapshot
 * @param ivset that of its snapshot
 */
record FakeBookmark(String label, long guid, long createtxg, long creation, long ivset) {}
