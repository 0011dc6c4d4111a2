// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import java.util.List;
import java.util.Locale;

/** What to do where {@code sudo} or {@code doas} does not let {@code zfs} through. */
final class ElevationAdvice {

    private static final List<String> ASKS = List.of(
            "a password is required",
            "a terminal is required",
            "no tty present",
            "doas: authentication required",
            "doas: authorization required");
    private static final List<String> REFUSES = List.of(
            "not in the sudoers",
            "is not allowed to",
            "may not run sudo",
            "doas: operation not permitted",
            "doas is not enabled");

    private ElevationAdvice() {}

    /**
     * Advice.
     *
     * @param endpoint the host and the user
     * @param argv the command that failed
     * @param printed its standard error
     * @return a line; empty if the failure is another one
     */
    static String of(SshEndpoint endpoint, List<String> argv, String printed) {
        String program = argv.get(0).substring(argv.get(0).lastIndexOf('/') + 1);
        if (!program.equals("sudo") && !program.equals("doas")) {
            return "";
        }
        String text = printed.toLowerCase(Locale.ROOT);
        boolean asks = ASKS.stream().anyMatch(text::contains);
        if (!asks && REFUSES.stream().noneMatch(text::contains)) {
            return "";
        }
        String user = endpoint.user();
        String what = asks
                ? program + " on " + endpoint.host() + " asks for a password for " + user
                : program + " on " + endpoint.host() + " does not let " + user + " run zfs";
        String line = program.equals("sudo")
                ? "'" + user + " ALL=(root) NOPASSWD: /usr/sbin/zfs' in sudoers"
                : "'permit nopass " + user + " cmd zfs' in doas.conf";
        // "permission denied" is what this is, in the words by which such a failure is known
        return what + " (permission denied); allow zfs without one: " + line + ", with the path of zfs there\n";
    }
}
