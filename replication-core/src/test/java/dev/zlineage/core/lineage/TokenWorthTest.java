// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.TokenContents;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenWorthTest {

    /** source | target | base of the token | what it brings | origin of the target | worth | base on the source */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@a @b       | ''       | -  | @b | -  | Resumable    | -",
                "@a @b       | @a       | @a | @b | -  | Resumable    | @a",
                "#a @b       | @a       | @a | @b | -  | Resumable    | #a",
                "@a @new=2   | @a       | @a | @b=2 | - | Resumable   | @a",
                "@a          | @a       | @a | @b | -  | SnapshotGone | -",
                "@a #b       | @a       | @a | @b | -  | SnapshotGone | -",
                "@b          | @a       | @a | @b | -  | BaseGone     | -",
                "@a @b       | @a @b    | @a | @b | -  | Overtaken    | -",
                "@a @b       | @x       | -  | @b | -  | Overtaken    | -",
                "@a @b @c    | @a @b    | @a | @c | -  | Overtaken    | -",
                "@a @b @c    | @b       | @a | @c | -  | Overtaken    | -",
                "@a @b       | ''       | @o | @b | @o | Resumable    | -",
                "@a @b       | @a       | @o | @b | @o | Overtaken    | -",
                "@a @b       | ''       | @o | @b | @p | BaseGone     | -",
            })
    void whatATokenIsWorth(
            String source, String target, String from, String to, String origin, String worth, String base) {
        History history = History.parse(source);
        TokenContents token = new TokenContents("tank/data" + to, guid(to).orElseThrow(), guid(from), 1000, false);

        TokenWorth found = TokenWorth.of(token, history, History.parse(target), guid(origin));

        assertThat(found.getClass().getSimpleName()).isEqualTo(worth);
        if (found instanceof TokenWorth.Resumable resumable) {
            assertThat(history.point(resumable.to()).guid()).isEqualTo(token.to());
            assertThat(resumable.from().map(b -> b.onSource().toString()).orElse("-"))
                    .isEqualTo(base);
        }
    }

    private static Optional<Guid> guid(String point) {
        return point.equals("-")
                ? Optional.empty()
                : Optional.of(History.parse(point).point(0).guid());
    }
}
