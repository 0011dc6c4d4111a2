// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.DivergencePolicy;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What the command line calls the remedies for a target that has gone its own way. */
final class Remedies implements ITypeConverter<DivergencePolicy>, Iterable<String> {

    private static final Map<String, DivergencePolicy> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put("refuse", DivergencePolicy.REFUSE);
        NAMES.put("tolerate", DivergencePolicy.TOLERATE_HARMLESS);
        NAMES.put("roll-back-unchanged", DivergencePolicy.ROLL_BACK_UNCHANGED);
        NAMES.put("roll-back", DivergencePolicy.ROLL_BACK);
        NAMES.put("set-aside", DivergencePolicy.SET_ASIDE);
        NAMES.put("start-over-unrelated", DivergencePolicy.START_OVER_UNRELATED);
        NAMES.put("start-over", DivergencePolicy.START_OVER);
    }

    @Override
    public DivergencePolicy convert(String text) {
        DivergencePolicy policy = NAMES.get(text);
        if (policy == null) {
            throw new TypeConversionException("'" + text + "' is none of " + String.join(", ", NAMES.keySet()));
        }
        return policy;
    }

    @Override
    public Iterator<String> iterator() {
        return NAMES.keySet().iterator();
    }
}
