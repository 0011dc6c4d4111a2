// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A filesystem or volume in its place in the tree. */
final class FakeDataset {

    private final FakePool pool;
    private final long guid;
    private final long createtxg;
    private final long creation;
    private final Timeline timeline;
    private final Properties properties = new Properties(this);
    private DatasetName name;
    private DatasetKind kind;
    private @Nullable FakeDataset parent;
    private Map<String, FakeDataset> children = Map.of();
    private Map<String, FakeBookmark> bookmarks = Map.of();
    private @Nullable FakeSnapshot origin;
    private @Nullable Crypt crypt;
    private @Nullable PartialReceive partial;
    private long partialSince;
    private boolean inconsistent;
    private boolean receiving;
    private boolean mounted;
    private boolean largeBlocks;
    private long volumeSize;
    private OptionalLong snapshotsChanged = OptionalLong.empty();
    private long counted;
    private long subtreeUsed;

    FakeDataset(
            FakePool pool,
            DatasetName name,
            DatasetKind kind,
            long guid,
            long createtxg,
            long creation,
            Contents live) {
        this.pool = pool;
        this.name = name;
        this.kind = kind;
        this.guid = guid;
        this.createtxg = createtxg;
        this.creation = creation;
        this.timeline = new Timeline(live);
        count();
    }

    FakePool pool() {
        return pool;
    }

    DatasetKind kind() {
        return kind;
    }

    /** A full stream that replaces an empty dataset makes of it what it brings. */
    void kind(DatasetKind newKind) {
        kind = newKind;
    }

    long guid() {
        return guid;
    }

    long createtxg() {
        return createtxg;
    }

    long creation() {
        return creation;
    }

    DatasetName name() {
        return name;
    }

    void name(DatasetName newName) {
        name = newName;
    }

    Properties properties() {
        return properties;
    }

    /** To be read; what changes it goes through {@link #change}. */
    Timeline timeline() {
        return timeline;
    }

    void change(Consumer<Timeline> how) {
        how.accept(timeline);
        count();
    }

    private void count() {
        long delta = timeline.used() - counted;
        counted = timeline.used();
        addUsed(delta);
    }

    private void addUsed(long bytes) {
        for (FakeDataset at = this; at != null; at = at.parent) {
            at.subtreeUsed += bytes;
        }
    }

    @Nullable
    FakeDataset parent() {
        return parent;
    }

    Collection<FakeDataset> children() {
        return Collections.unmodifiableCollection(children.values());
    }

    void attach(FakeDataset child) {
        if (children.isEmpty()) {
            children = new TreeMap<>();
        }
        String value = child.name.value();
        children.put(value.substring(value.lastIndexOf('/') + 1), child);
        child.parent = this;
        addUsed(child.subtreeUsed);
    }

    void detach() {
        FakeDataset above = parent;
        if (above != null) {
            above.children.values().remove(this);
            above.addUsed(-subtreeUsed);
            parent = null;
        }
    }

    /** This one and all below it, parents first, in the order of names. */
    void walk(Consumer<FakeDataset> visitor) {
        visitor.accept(this);
        children.values().forEach(child -> child.walk(visitor));
    }

    boolean isAtOrBelow(FakeDataset other) {
        for (FakeDataset at = this; at != null; at = at.parent) {
            if (at == other) {
                return true;
            }
        }
        return false;
    }

    long used() {
        return subtreeUsed;
    }

    long available() {
        long left = Long.MAX_VALUE;
        for (FakeDataset at = this; at != null; at = at.parent) {
            long limit = at.parent == null ? pool.size() : at.quota();
            left = Math.min(left, limit - at.subtreeUsed);
            if (at.parent == null) {
                left = Math.min(left, at.quota() - at.subtreeUsed);
            }
        }
        left = Math.min(left, limit("refquota") - timeline.live().referenced());
        return Math.max(0, left);
    }

    /** Whether it is a quota, and not the pool, that leaves no more than is available. */
    boolean isLimitedByQuota() {
        FakeDataset top = this;
        while (top.parent != null) {
            top = top.parent;
        }
        return available() < pool.size() - top.subtreeUsed;
    }

    private long quota() {
        return limit("quota");
    }

    private long limit(String property) {
        long limit = kind == DatasetKind.FILESYSTEM ? properties.number(property) : 0;
        return limit == 0 ? Long.MAX_VALUE : limit;
    }

    @Nullable
    FakeBookmark bookmark(String label) {
        return bookmarks.get(label);
    }

    Collection<FakeBookmark> bookmarks() {
        return Collections.unmodifiableCollection(bookmarks.values());
    }

    void addBookmark(FakeBookmark bookmark) {
        if (bookmarks.isEmpty()) {
            bookmarks = new TreeMap<>();
        }
        bookmarks.put(bookmark.label(), bookmark);
    }

    boolean removeBookmark(String label) {
        return !bookmarks.isEmpty() && bookmarks.remove(label) != null;
    }

    @Nullable
    FakeSnapshot origin() {
        return origin;
    }

    /** Makes it a clone, of another snapshot, or none. The snapshots' own lists of clones are kept in step. */
    void origin(@Nullable FakeSnapshot newOrigin) {
        FakeSnapshot before = origin;
        if (before != null) {
            before.removeClone(this);
            before.owner().dropIfDue(before);
        }
        origin = newOrigin;
        if (newOrigin != null) {
            newOrigin.addClone(this);
        }
        long floor = newOrigin == null ? Contents.NEVER : newOrigin.createtxg();
        change(timeline -> timeline.floor(floor));
    }

    /** A snapshot that was to be destroyed later goes when nobody needs it any more. */
    void dropIfDue(FakeSnapshot snapshot) {
        if (snapshot.isDue()) {
            change(timeline -> timeline.remove(snapshot));
        }
    }

    @Nullable
    Crypt crypt() {
        return crypt;
    }

    void crypt(@Nullable Crypt newCrypt) {
        crypt = newCrypt;
    }

    /** The dataset whose key opens this one; null when it is not encrypted. */
    @Nullable
    FakeDataset encryptionRoot() {
        if (crypt == null) {
            return null;
        }
        return crypt.root() == null ? this : crypt.root();
    }

    /** Whether its data can be read and written: it is not encrypted, or its key is loaded. */
    boolean isOpen() {
        FakeDataset root = encryptionRoot();
        return root == null || (root.crypt != null && root.crypt.loaded());
    }

    @Nullable
    PartialReceive partial() {
        return partial;
    }

    void partial(@Nullable PartialReceive state) {
        partial = state;
    }

    /** The second in which the hidden child came into being that the state lies in. */
    long partialSince() {
        return partialSince;
    }

    void partialSince(long seconds) {
        partialSince = seconds;
    }

    /** Whether it exists only as the partial state of a first receive. */
    boolean isInconsistent() {
        return inconsistent;
    }

    void inconsistent(boolean now) {
        inconsistent = now;
    }

    boolean isReceiving() {
        return receiving;
    }

    void receiving(boolean now) {
        receiving = now;
    }

    boolean isMounted() {
        return mounted;
    }

    void mounted(boolean now) {
        mounted = now;
    }

    boolean isMountable() {
        return kind == DatasetKind.FILESYSTEM && isOpen() && !inconsistent;
    }

    void mountAsItsPropertiesSay() {
        mounted = isMountable()
                && properties.get("canmount").value().equals("on")
                && properties.get("mountpoint").value().startsWith("/");
    }

    boolean hasLargeBlocks() {
        return largeBlocks;
    }

    void largeBlocks(boolean now) {
        largeBlocks = now;
    }

    long volumeSize() {
        return volumeSize;
    }

    void volumeSize(long bytes) {
        volumeSize = bytes;
    }

    OptionalLong snapshotsChanged() {
        return snapshotsChanged;
    }

    void snapshotsChanged(long seconds) {
        snapshotsChanged = OptionalLong.of(seconds);
    }
}
