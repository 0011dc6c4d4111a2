// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import dev.zlineage.core.zfs.ZfsVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A native property as OpenZFS 2.3 knows it.
 *
 * @param name its name
 * @param standard its default
 * @param inherits whether children inherit it
 * @param on what has it
 * @param form what values it takes
 */
record NativeProperty(String name, String standard, boolean inherits, On on, Form form) {

    enum On {
        FILESYSTEM,
        VOLUME,
        BOTH
    }

    /** What values a property takes. */
    enum Form {
        ON_OFF,
        CANMOUNT,
        VOLMODE,
        SIZE,
        /** A number, or none. */
        COUNT,
        TEXT,
        /** Set when the dataset comes into being and never again. */
        AT_CREATION,
        /** Told by the pool. */
        COMPUTED
    }

    /** What {@code -p} shows of a limit or a count that there is not. */
    static final String UNLIMITED = Long.toUnsignedString(-1);

    private static final Map<String, NativeProperty> ALL = new HashMap<>();

    /** What texts those take that don't take any. */
    private static final Map<String, Pattern> TEXTS = Map.of(
            "compression",
                    Pattern.compile("on|off|lzjb|zle|lz4|gzip(-[1-9])?|zstd(-([1-9]|1[0-9]))?|zstd-fast(-[0-9]{1,4})?"),
            "copies", Pattern.compile("[123]"),
            "sync", Pattern.compile("standard|always|disabled"),
            "logbias", Pattern.compile("latency|throughput"),
            "primarycache", Pattern.compile("all|none|metadata"),
            "secondarycache", Pattern.compile("all|none|metadata"),
            "snapdev", Pattern.compile("hidden|visible"));

    private static final Map<String, String> BEFORE_2_2 =
            Map.of("compression", "off", "relatime", "off", "volblocksize", "8192");

    private static final long LARGEST_RECORD = 16L << 20;

    private static final Pattern SIZE = Pattern.compile("(\\d+)([KMGTP]?)(?:i?B)?");

    static {
        for (String name : new String[] {"readonly", "dedup"}) {
            inherited(name, "off", On.BOTH, Form.ON_OFF);
        }
        for (String name : new String[] {"atime", "exec", "setuid", "devices"}) {
            inherited(name, "on", On.FILESYSTEM, Form.ON_OFF);
        }
        for (String name : new String[] {"relatime", "overlay"}) {
            inherited(name, "on", On.FILESYSTEM, Form.ON_OFF);
        }
        inherited("compression", "on", On.BOTH, Form.TEXT);
        inherited("checksum", "on", On.BOTH, Form.TEXT);
        inherited("copies", "1", On.BOTH, Form.TEXT);
        inherited("sync", "standard", On.BOTH, Form.TEXT);
        inherited("logbias", "latency", On.BOTH, Form.TEXT);
        inherited("primarycache", "all", On.BOTH, Form.TEXT);
        inherited("secondarycache", "all", On.BOTH, Form.TEXT);
        inherited("recordsize", "131072", On.FILESYSTEM, Form.SIZE);
        inherited("mountpoint", "", On.FILESYSTEM, Form.TEXT);
        inherited("snapdir", "hidden", On.FILESYSTEM, Form.TEXT);
        inherited("acltype", "off", On.FILESYSTEM, Form.TEXT);
        inherited("xattr", "on", On.FILESYSTEM, Form.TEXT);
        inherited("sharenfs", "off", On.FILESYSTEM, Form.TEXT);
        inherited("sharesmb", "off", On.FILESYSTEM, Form.TEXT);
        inherited("volmode", "default", On.BOTH, Form.VOLMODE);
        inherited("snapdev", "hidden", On.BOTH, Form.TEXT);
        own("canmount", "on", On.FILESYSTEM, Form.CANMOUNT);
        own("quota", "0", On.FILESYSTEM, Form.SIZE);
        own("refquota", "0", On.FILESYSTEM, Form.SIZE);
        own("filesystem_limit", UNLIMITED, On.FILESYSTEM, Form.COUNT);
        own("snapshot_limit", UNLIMITED, On.BOTH, Form.COUNT);
        own("volsize", "-", On.VOLUME, Form.SIZE);
        own("volblocksize", "16384", On.VOLUME, Form.AT_CREATION);
        own("encryption", "off", On.BOTH, Form.AT_CREATION);
        own("keyformat", "none", On.BOTH, Form.AT_CREATION);
        own("keylocation", "none", On.BOTH, Form.TEXT);
        for (String name : new String[] {
            "type",
            "creation",
            "used",
            "available",
            "referenced",
            "written",
            "guid",
            "createtxg",
            "origin",
            "encryptionroot",
            "keystatus",
            "receive_resume_token",
            "snapshot_count",
            "snapshots_changed"
        }) {
            own(name, "-", On.BOTH, Form.COMPUTED);
        }
        own("filesystem_count", "-", On.FILESYSTEM, Form.COMPUTED);
        own("mounted", "-", On.FILESYSTEM, Form.COMPUTED);
    }

    /** Real ones that this fake does not model. */
    private static final Set<String> NOT_MODELLED = Set.of(
            "aclinherit",
            "aclmode",
            "casesensitivity",
            "compressratio",
            "context",
            "defcontext",
            "direct",
            "dnodesize",
            "fscontext",
            "inconsistent",
            "jailed",
            "logicalreferenced",
            "logicalused",
            "longname",
            "mlslabel",
            "nbmand",
            "normalization",
            "objsetid",
            "prefetch",
            "redact_snaps",
            "redacted",
            "redundant_metadata",
            "refcompressratio",
            "refreservation",
            "reservation",
            "rootcontext",
            "snapshots_changed_nsecs",
            "special_small_blocks",
            "usedbychildren",
            "usedbydataset",
            "usedbyrefreservation",
            "usedbysnapshots",
            "userrefs",
            "utf8only",
            "version",
            "volthreading",
            "vscan",
            "zoned",
            "defer_destroy",
            "clones",
            "numclones",
            "pbkdf2iters");

    private static void inherited(String name, String standard, On on, Form form) {
        ALL.put(name, new NativeProperty(name, standard, true, on, form));
    }

    private static void own(String name, String standard, On on, Form form) {
        ALL.put(name, new NativeProperty(name, standard, false, on, form));
    }

    static boolean isUser(String name) {
        return name.indexOf(':') >= 0;
    }

    /** What a user property may be called. */
    static boolean isWellFormed(String name) {
        return name.matches("[a-z0-9:_.\\-]{1,255}");
    }

    static NativeProperty of(String name) {
        NativeProperty found = ALL.get(name);
        if (found == null) {
            if (NOT_MODELLED.contains(name)
                    || name.matches("(user|group|project)(obj)?(used|quota)@.*|written[@#].*")) {
                throw new UnsupportedOperationException("FakeZfs does not model the property " + name);
            }
            throw new Refusal(Kind.INVALID, "invalid property '" + name + "'");
        }
        return found;
    }

    /** What it is where nobody set it. */
    String standardIn(ZfsVersion version) {
        return version.atLeast(2, 2) ? standard : BEFORE_2_2.getOrDefault(name, standard);
    }

    boolean isOf(DatasetKind kind) {
        return on == On.BOTH || (on == On.FILESYSTEM) == (kind == DatasetKind.FILESYSTEM);
    }

    /** The value in the form of {@code -p}. */
    String normal(String value) {
        return switch (form) {
            case ON_OFF -> choice(value, List.of("on", "off"));
            case CANMOUNT -> choice(value, List.of("on", "off", "noauto"));
            case VOLMODE -> choice(value, List.of("default", "full", "geom", "dev", "none"));
            case SIZE -> Long.toString(size(value));
            case COUNT -> value.equals("none") ? UNLIMITED : Long.toString(bytes(value));
            case TEXT -> text(value);
            case AT_CREATION -> value;
            case COMPUTED -> throw new Refusal(Kind.INVALID, "'" + name + "' is readonly");
        };
    }

    private String choice(String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw new Refusal(Kind.INVALID, "'" + name + "' must be one of '" + String.join(" | ", allowed) + "'");
        }
        return value;
    }

    private String text(String value) {
        Pattern allowed = TEXTS.get(name);
        if (allowed != null && !allowed.matcher(value).matches()) {
            throw new Refusal(Kind.INVALID, "'" + name + "' must be one of '" + allowed + "'");
        }
        return value;
    }

    private long size(String value) {
        long bytes = bytes(value);
        if (name.equals("recordsize") && (Long.bitCount(bytes) != 1 || bytes < 512 || bytes > LARGEST_RECORD)) {
            throw new Refusal(Kind.INVALID, "'recordsize' must be power of 2 from 512B to 16M");
        }
        return bytes;
    }

    private long bytes(String value) {
        if (value.equals("none")) {
            return 0;
        }
        Matcher matcher = SIZE.matcher(value.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new Refusal(Kind.INVALID, "bad numeric value '" + value + "'");
        }
        int power = matcher.group(2).isEmpty() ? 0 : 1 + "KMGTP".indexOf(matcher.group(2));
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power));
        } catch (ArithmeticException | NumberFormatException e) {
            throw new Refusal(Kind.INVALID, "bad numeric value '" + value + "'");
        }
    }
}
