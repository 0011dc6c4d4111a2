// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.util.Optional;

/** What this build is called. */
final class Version {

    private Version() {}

    static String text() {
        return "zlineage "
                + Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                        .orElse("(not packaged)");
    }
}
