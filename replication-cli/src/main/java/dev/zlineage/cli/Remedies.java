// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.cli.definition.RemedyWords;
import dev.zlineage.core.select.DivergencePolicy;
import java.util.Iterator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What the command line calls the remedies for a target that has gone its own way. */
final class Remedies implements ITypeConverter<DivergencePolicy>, Iterable<String> {

    @Override
    public DivergencePolicy convert(String text) {
        DivergencePolicy policy = RemedyWords.ALL.get(text);
        if (policy == null) {
            throw new TypeConversionException(
                    "'" + text + "' is none of " + String.join(", ", RemedyWords.ALL.keySet()));
        }
        return policy;
    }

    @Override
    public Iterator<String> iterator() {
        return RemedyWords.ALL.keySet().iterator();
    }
}
