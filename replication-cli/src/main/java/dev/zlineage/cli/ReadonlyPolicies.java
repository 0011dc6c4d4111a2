// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.ReadonlyPolicy;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What the command line calls the policies for {@code readonly}. */
final class ReadonlyPolicies implements ITypeConverter<ReadonlyPolicy>, Iterable<String> {

    private static final List<String> NAMES =
            Arrays.stream(ReadonlyPolicy.values()).map(ReadonlyPolicies::name).toList();

    private static String name(ReadonlyPolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public ReadonlyPolicy convert(String text) {
        return Arrays.stream(ReadonlyPolicy.values())
                .filter(policy -> name(policy).equals(text))
                .findFirst()
                .orElseThrow(
                        () -> new TypeConversionException("'" + text + "' is none of " + String.join(", ", NAMES)));
    }

    @Override
    public Iterator<String> iterator() {
        return NAMES.iterator();
    }
}
