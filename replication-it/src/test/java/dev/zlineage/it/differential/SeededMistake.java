// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

/**
 * A mistake in the fake's own source: a piece of it, and what stands there instead. Each is a way in which a fake could be
 * kinder, stricter or more forgetful than OpenZFS without any test of the engine taking notice.
 */
enum SeededMistake {
    HOLD_IGNORED("PointCommands", "!snapshot.holds().isEmpty()", "false"),
    HOLD_NOT_RELEASED("PointCommands", "snapshot.release(command.tag())", "snapshot.holds().contains(command.tag())"),
    ORIGIN_DESTROYED_UNDER_ITS_CLONE("PointCommands", "!goingToo.containsAll(snapshot.clones())", "false"),
    CLONE_DESTROYED_WITH_ITS_ORIGIN(
            "PointCommands",
            "throw new Refusal(Kind.HAS_CLONES, text + \"snapshot has dependent clones\");",
            "java.util.List.copyOf(snapshot.clones()).forEach(clone -> { host.detach(clone); clone.origin(null); });"),
    ROLLBACK_KEEPS_NEWER_SNAPSHOTS(
            "PointCommands", "newer.forEach(each -> dataset.change(timeline -> timeline.remove(each)));", ""),
    ROLLBACK_KEEPS_NEWER_BOOKMARKS(
            "PointCommands", "newerBookmarks.forEach(bookmark -> dataset.removeBookmark(bookmark.label()));", ""),
    ROLLBACK_KEEPS_WHAT_WAS_WRITTEN(
            "PointCommands", "dataset.change(timeline -> timeline.live(snapshot.contents()));", ""),
    ROLLBACK_DESTROYS_UNASKED("PointCommands", "!command.destroyNewer() && ", "false && "),
    ROLLBACK_OVERLOOKS_BOOKMARKS("PointCommands", "newer.isEmpty() && newerBookmarks.isEmpty()", "newer.isEmpty()"),
    BOOKMARK_WITH_ITS_OWN_GUID(
            "PointCommands", "new FakeBookmark(label, of.guid(),", "new FakeBookmark(label, host.guids().next(),"),
    COPIED_BOOKMARK_IS_YOUNGER(
            "PointCommands", "copied.guid(), copied.createtxg(),", "copied.guid(), dataset.pool().nextTxg(),"),
    BOOKMARK_REPLACES_ANOTHER("PointCommands", "dataset.bookmark(label) != null", "false"),
    SNAPSHOTS_OF_A_TREE_ONE_AFTER_THE_OTHER(
            "PointCommands",
            "host.guids().next(), txg, host.seconds(), live,",
            "host.guids().next(), dataset.pool().nextTxg(), host.seconds(), live,"),
    SNAPSHOT_OF_A_TREE_WITHOUT_CHILDREN("PointCommands", "command.scope() == Scope.SELF", "true"),
    SNAPSHOT_RENAMED_OVER_ANOTHER("PointCommands", "snapshot.owner().timeline().get(to.label()) != null", "false"),
    ORDER_OF_SNAPSHOTS_TURNED(
            "Listings",
            "snapshot.guid(), snapshot.createtxg(),",
            "snapshot.guid(), (1L << 40) - snapshot.createtxg(),"),

    DEFERRED_DESTROY_IMMEDIATE("FakeSnapshot", "deferred && holds.isEmpty() && clones.isEmpty()", "deferred"),
    DEFERRED_DESTROY_FORGOTTEN("PointCommands", "snapshot.owner().dropIfDue(snapshot);", ""),
    RANGE_WITHOUT_ITS_END("SnapshotRange", "all.subList(from, to + 1)", "all.subList(from, to)"),

    PROMOTE_FORGETS_SNAPSHOTS("DatasetCommands", "promoted.change(timeline -> timeline.putFirst(shared));", ""),
    PROMOTE_LEAVES_ITS_BOOKMARKS("DatasetCommands", "bookmark.createtxg() <= origin.createtxg()", "false"),
    PROMOTE_TURNS_NOTHING_AROUND("DatasetCommands", "original.origin(origin);", ""),
    PROMOTE_OVERLOOKS_EQUAL_NAMES("DatasetCommands", "promoted.timeline().get(snapshot.label()) != null", "false"),
    PROMOTE_LEAVES_THE_KEY("DatasetCommands", "moveKey(original, promoted);", ""),
    DESTROY_TAKES_SNAPSHOTS_UNASKED("DatasetCommands", "command.scope() == Scope.SELF\n", "false\n"),
    CHILD_LEAVES_ITS_ENCRYPTION_ROOT(
            "DatasetCommands",
            "throw new Refusal(Kind.INCOMPATIBLE, what + \"cannot move encrypted child outside of its encryption root\");",
            ""),
    CLONE_OF_THE_ENCRYPTED_IN_THE_CLEAR("DatasetCommands", "if (crypt != null) {", "if (false) {"),
    ABORTED_RECEIVE_STAYS("DatasetCommands", "dataset.isInconsistent()", "false"),
    PROPERTIES_OF_CREATION_FORGOTTEN("DatasetCommands", "set(made, properties);", ""),
    QUOTA_IGNORED("FakeDataset", "return limit(\"quota\");", "return Long.MAX_VALUE;"),
    READONLY_IGNORED("FakeZfs", "dataset.properties().isOn(\"readonly\")", "false"),

    WRONG_SOURCE_OF_WHAT_IS_INHERITED(
            "Properties", "\"inherited from \" + above.name()", "\"inherited from \" + owner.parent().name()"),
    INHERITED_ONLY_FROM_THE_PARENT(
            "Properties", "above != null; above = above.parent()", "above != null; above = null"),
    INHERIT_KEEPS_WHAT_WAS_SET("Properties", "local.remove(name);", ""),
    KEY_UNLOADED_IN_VAIN("KeyCommands", "crypt.loaded(false);", ""),
    EVERY_KEY_FITS("KeyCommands", "!key.opensWith(given)", "false"),

    SENT_WITHOUT_ITS_KEY("SendPlanner", "!raw && !dataset.isOpen()", "false"),
    SENT_BACKWARDS("SendPlanner", "base.createtxg() >= to.createtxg()", "false"),
    SENT_FROM_A_STRANGER("SendPlanner", "!isAncestor(snapshot, to)", "false"),
    SERIES_WITHOUT_WHAT_IS_BETWEEN(
            "SendPlanner", "to.owner().timeline().between(base.createtxg(), to.createtxg())", "List.of(to)"),

    RECEIVED_OVER_A_CHANGED_TARGET("Landing", "existing.timeline().live().changedSince(base.createtxg())", "false"),
    RECEIVED_RAW_PAST_NEWER_SNAPSHOTS("Landing", "mustBeNewest && ", "false && "),
    RECEIVED_ON_ANY_BASE("Landing", "existing.timeline().byGuid(begin.fromGuid())", "existing.timeline().newest()"),
    RECEIVED_OVER_WHAT_EXISTS("Landing", "if (!mayOverwrite) {\n            throw", "if (false) {\n            throw"),
    RECEIVED_OVER_SNAPSHOTS("Landing", "if (newest != null) {", "if (false) {"),
    RECEIVED_AGAIN("Landing", "existing.timeline().byGuid(begin.toGuid()) != null", "false"),
    RECEIVED_OVER_AN_EQUAL_NAME("Landing", "if (sameName != null) {", "if (false) {"),
    IV_SET_UNCHECKED("Landing", "base.ivset() != begin.fromIvset()", "false"),
    OTHER_STREAM_OVER_PARTIAL_STATE("Landing", "if (!carriesOn) {", "if (false) {"),
    LARGE_BLOCKS_UNCHECKED("Landing", "existing.hasLargeBlocks() && !begin.form().large()", "false"),
    TOKEN_LOST("ReceiveSession", "if (request.resumable()) {", "if (false) {"),
    TOKEN_UNASKED("ReceiveSession", "if (request.resumable()) {", "if (true) {"),
    CUT_STREAM_COUNTS_AS_WHOLE(
            "ReceiveSession",
            "private void endEarly() {",
            "private void endEarly() { if (at == At.WITHIN) { try { endOfSnapshot(); over = true; return; } catch (IOException e) { } }"),
    RECEIVED_WITH_ITS_OWN_GUID("Arrival", "begin.toGuid(),", "host.guids().next(),"),
    PROPERTIES_OF_A_RECEIVE_FORGOTTEN("Arrival", "properties.set(dataset);", ""),
    CLONE_RECEIVED_AS_A_COPY("Arrival", "dataset.origin(origin);", ""),
    SIZE_OF_A_VOLUME_FORGOTTEN("Arrival", "dataset.volumeSize(begin.volumeSize());", ""),
    FORCED_RECEIVE_KEEPS_NEWER_SNAPSHOTS(
            "Arrival",
            "dataset.timeline().newerThan(base).forEach(newer -> dataset.change(timeline -> timeline.remove(newer)));",
            ""),
    INCREMENT_REPLACES_EVERYTHING(
            "Arrival", "begin.isFull() ? Contents.empty(txg) : dataset.timeline().live()", "Contents.empty(txg)");

    private final String file;
    private final String right;
    private final String wrong;

    SeededMistake(String file, String right, String wrong) {
        this.file = file;
        this.right = right;
        this.wrong = wrong;
    }

    String file() {
        return file;
    }

    /** The source with the mistake in it, wherever it can be made. */
    String in(String source) {
        if (!source.contains(right)) {
            throw new IllegalStateException(this + ": " + file + " has changed, and holds no longer: " + right);
        }
        return source.replace(right, wrong);
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
