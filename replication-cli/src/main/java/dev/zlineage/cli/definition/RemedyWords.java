// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import dev.zlineage.core.select.DivergencePolicy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What people call the remedies for a target that has gone its own way, in definition files and on the command line. */
public final class RemedyWords {

    /** Each word with what it is for, from mild to strong. */
    public static final Map<String, DivergencePolicy> ALL;

    static {
        Map<String, DivergencePolicy> words = new LinkedHashMap<>();
        words.put("refuse", DivergencePolicy.REFUSE);
        words.put("tolerate", DivergencePolicy.TOLERATE_HARMLESS);
        words.put("roll-back-unchanged", DivergencePolicy.ROLL_BACK_UNCHANGED);
        words.put("roll-back", DivergencePolicy.ROLL_BACK);
        words.put("set-aside", DivergencePolicy.SET_ASIDE);
        words.put("start-over-unrelated", DivergencePolicy.START_OVER_UNRELATED);
        words.put("start-over", DivergencePolicy.START_OVER);
        ALL = Collections.unmodifiableMap(words);
    }

    private RemedyWords() {}
}
