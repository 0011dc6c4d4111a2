// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.select.NamingSchemas;
import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionPlannerTest {

    private static final DatasetName DATA = DatasetName.of("tank/data");
    private static final DatasetName COPY = DatasetName.of("backup/data");
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Instant NOW = Instant.parse("2026-03-10T00:00:00Z");
    private static final Claim DAILY = new Claim.Named(NamingSchemas.strict("d-%Y-%m-%d_%H-%M"));
    private static final Claim ALL = new Claim.All();

    /** Midnights of March. */
    private static String days(int... days) {
        StringBuilder text = new StringBuilder();
        for (int day : days) {
            text.append(String.format("@d-2026-03-%02d_00-00 ", day));
        }
        return text.toString();
    }

    private final List<Owner> owners = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();
    private double share = 1;
    private boolean beforeSending;
    private Map<String, Map<SnapshotName, String>> expiries = Map.of();
    private ZoneId zone = UTC;
    private Instant now = NOW;

    private void owner(Claim claim, RetentionPolicy policy) {
        owners.add(new Owner("owner" + owners.size(), d -> true, claim, policy));
    }

    private static RetentionPolicy lifetime(String iso) {
        return new RetentionPolicy.Lifetimes(Lifetime.parse(iso));
    }

    private void link(String task, Link.Role role, Link.Sight sight) {
        links.add(new Link(task, DATA, role, COPY, sight, Optional.empty()));
    }

    private void seen(Link.Role role, String history) {
        link("task", role, new Link.Sight.Seen(History.parse(history)));
    }

    private RetentionPlan plan(Map<DatasetName, History> histories) {
        return RetentionPlanner.plan(
                new RetentionRequest(owners, now, zone, share, beforeSending),
                new RetentionView("nas", histories, links, expiries));
    }

    private DatasetRetention judged(String history) {
        return plan(Map.of(DATA, History.parse(history))).datasets().get(0);
    }

    private List<String> gone(String history) {
        return judged(history).destroys().stream().map(Snapshot::label).toList();
    }

    private LeftAlone.Reason alone(String history) {
        DatasetRetention judged = judged(history);
        assertThat(judged.destroys()).isEmpty();
        return judged.leftAlone().orElseThrow().reason();
    }

    @Test
    void aSnapshotAsOldAsItsLifetimeGoesAndOneASecondYoungerStays() {
        owner(DAILY, lifetime("P2D"));
        assertThat(gone(days(7, 8, 9))).containsExactly("d-2026-03-07_00-00", "d-2026-03-08_00-00");
        now = NOW.minusSeconds(1);
        assertThat(gone(days(7, 8, 9))).containsExactly("d-2026-03-07_00-00");
    }

    @ParameterizedTest
    @CsvSource({
        "P1M, 2026-01-31T10:00:00Z, 2026-02-28T10:00:00Z",
        "P1Y, 2024-02-29T00:00:00Z, 2025-02-28T00:00:00Z",
        "P2W, 2026-03-01T00:00:00Z, 2026-03-15T00:00:00Z",
        "P1DT12H, 2026-03-01T00:00:00Z, 2026-03-02T12:00:00Z",
        "PT1H, 2026-03-01T00:00:00Z, 2026-03-01T01:00:00Z",
        "P999999999Y, 2026-03-01T00:00:00Z, +1000000000-12-31T23:59:59.999999999Z"
    })
    void lifetimesFollowTheCalendar(String iso, Instant taken, Instant end) {
        assertThat(Lifetime.parse(iso).end(taken, UTC)).isEqualTo(end);
        assertThat(Lifetime.parse(Lifetime.parse(iso).toString())).isEqualTo(Lifetime.parse(iso));
    }

    @Test
    void aDayIsFromOneTimeOnTheClockToTheSame() {
        ZoneId berlin = ZoneId.of("Europe/Berlin"); // the clock went on by an hour on 2026-03-29
        Instant noon = Instant.parse("2026-03-28T11:00:00Z");
        assertThat(Lifetime.parse("P1D").end(noon, berlin)).isEqualTo("2026-03-29T10:00:00Z");
        assertThat(Lifetime.parse("PT24H").end(noon, berlin)).isEqualTo("2026-03-29T11:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({"P", "PT", "P0D", "-P1D", "P-1D", "1D", "P1DT", "''"})
    void whatIsNoLifetimeIsNamed(String text) {
        assertThatThrownBy(() -> Lifetime.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lifetime");
    }

    @Test
    void theLongestLifetimeWhoseScheduleMatchesCounts() {
        owner(
                DAILY,
                new RetentionPolicy.Lifetimes(
                        Lifetime.parse("P1D"),
                        List.of(
                                new RetentionPolicy.Scheduled(t -> t.getDayOfMonth() == 1, Lifetime.parse("P2D")),
                                new RetentionPolicy.Scheduled(t -> t.getDayOfMonth() == 1, Lifetime.parse("P1M")),
                                new RetentionPolicy.Scheduled(t -> t.getDayOfMonth() <= 2, Lifetime.parse("P3D")))));
        assertThat(gone(days(1, 2, 3, 9))).containsExactly("d-2026-03-02_00-00", "d-2026-03-03_00-00");
    }

    @Test
    void theNewestOfACountStay() {
        owner(ALL, new RetentionPolicy.KeepNewest(2));
        assertThat(gone("@a @b @c @d")).containsExactly("a", "b");
    }

    @Test
    void ofEachPeriodTheNewestStays() {
        owner(DAILY, new RetentionPolicy.Buckets(0, 2, 0, 1, 0));
        assertThat(gone("@d-2026-02-01_00-00 @d-2026-03-07_00-00 @d-2026-03-08_00-00 @d-2026-03-08_06-00"
                        + " @d-2026-03-09_00-00"))
                .containsExactly("d-2026-02-01_00-00", "d-2026-03-07_00-00", "d-2026-03-08_00-00");
    }

    @Test
    void theLatestStayWhateverTheirTime() {
        owner(DAILY, new RetentionPolicy.Buckets(0, 2, 0, 0, 0, 2));
        assertThat(gone("@d-2026-03-07_00-00 @d-2026-03-08_00-00 @d-2026-03-08_06-00 @d-2026-03-08_07-00"))
                .containsExactly("d-2026-03-08_00-00");
    }

    @Test
    void weeksGoByTheWeekAndNotByTheYear() {
        owner(DAILY, new RetentionPolicy.Buckets(0, 0, 2, 0, 0));
        // Tuesday to Thursday of one week, over the end of a year
        assertThat(gone("@d-2025-12-20_00-00 @d-2025-12-30_00-00 @d-2026-01-01_00-00"))
                .containsExactly("d-2025-12-30_00-00");
        assertThat(gone("@d-2025-03-05_00-00 @d-2026-03-04_00-00"))
                .as("the tenth week of two years")
                .isEmpty();
    }

    @Test
    void aTermInAPropertyCountsWhateverTheNameIs() {
        owner(ALL, new RetentionPolicy.ExpiryProperty(RetentionPolicy.ExpiryProperty.DESTROY_AT));
        expiries = Map.of(
                "zlineage:destroy_at",
                Map.of(
                        DATA.snapshot("past"), "2026-03-09",
                        DATA.snapshot("now"), "2026-03-10T00:00:00Z",
                        DATA.snapshot("later"), "2026-03-10T00:00:01",
                        DATA.snapshot("seconds"), "1700000000",
                        DATA.snapshot("odd"), "soon"));
        assertThat(gone("@past @now @later @seconds @odd @unset @new")).containsExactly("past", "now", "seconds");
    }

    @Test
    void whatNobodyOwnsIsNeverTouched() {
        owner(DAILY, lifetime("P1D"));
        owner(new Claim.Matching("tmp-.*"), lifetime("P1D"));
        assertThat(gone("@foreign~1 @my-tmp-1~1 @tmp-1~1 " + days(1, 9)))
                .containsExactly("tmp-1", "d-2026-03-01_00-00");
    }

    @Test
    void oneOwnerThatKeepsIsEnough() {
        owner(DAILY, lifetime("P1D"));
        assertThat(gone(days(1, 2, 9))).hasSize(2);
        owner(ALL, new RetentionPolicy.Never());
        assertThat(gone(days(1, 2, 9))).isEmpty();
    }

    @Test
    void aScheduleLimitsWhatAnOwnerOwns() {
        owners.add(new Owner("odd", true, d -> true, DAILY, Optional.of(t -> t.getDayOfMonth() == 1), lifetime("P1D")));
        assertThat(gone(days(1, 2, 9))).containsExactly("d-2026-03-01_00-00");
    }

    @Test
    void w9DisabledOwnersTakePartInNothing() {
        owners.add(new Owner("off", false, d -> true, ALL, Optional.empty(), new RetentionPolicy.KeepNewest(1)));
        assertThat(plan(Map.of(DATA, History.parse("@a @b"))).datasets()).isEmpty();
        owner(ALL, new RetentionPolicy.KeepNewest(1));
        owners.add(new Owner("off too", false, d -> true, ALL, Optional.empty(), new RetentionPolicy.Never()));
        assertThat(gone("@a @b")).containsExactly("a");
    }

    @Test
    void theNewestStaysAndTheNewestOfEachSchema() {
        owner(DAILY, lifetime("P1D"));
        owner(new Claim.Named(NamingSchemas.strict("w-%Y-%m-%d_%H-%M")), lifetime("P1D"));
        assertThat(gone("@w-2026-01-01_00-00 @w-2026-01-08_00-00 " + days(1, 2)))
                .containsExactly("w-2026-01-01_00-00", "d-2026-03-01_00-00");
        owners.clear();
        owner(ALL, lifetime("P1D"));
        assertThat(gone("@a~1 @b~2")).containsExactly("a");
    }

    @Test
    void aSnapshotOfUnknownAgeStays() {
        owner(ALL, lifetime("P1D"));
        assertThat(gone("@a @b")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lifetime    | @a @b",
                "buckets     | @a @b",
                "no date     | @odd @b",
                "same        | @there @b",
                "unseen      | @a @b",
            })
    void whoeverDoesNotKnowKeepsAgainstAllOthers(String doubt, String history) {
        owner(ALL, new RetentionPolicy.KeepNewest(1));
        assertThat(gone(history)).hasSize(1);
        RetentionPolicy doubtful = switch (doubt) {
            case "lifetime" -> lifetime("P1D");
            case "buckets" -> new RetentionPolicy.Buckets(1, 1, 1, 1, 1);
            case "no date" -> new RetentionPolicy.ExpiryProperty("my:term");
            default -> new RetentionPolicy.SameAsSource();
        };
        expiries = Map.of("my:term", Map.of(DATA.snapshot("odd"), "soon"));
        owners.add(new Owner("task", d -> true, ALL, doubtful));
        if (doubt.equals("same")) {
            seen(Link.Role.RECEIVES, "@there @b");
        }
        assertThat(gone(history)).isEmpty();
    }

    @Test
    void sameAsSourceKeepsWhatIsNewerThanBothSidesHaveAgainstAllOthers() {
        owner(ALL, new RetentionPolicy.KeepNewest(1));
        owners.add(new Owner("task", d -> true, ALL, new RetentionPolicy.SameAsSource()));
        seen(Link.Role.RECEIVES, "@b");
        assertThat(gone("@a @b @own @newest")).containsExactly("a");
    }

    @Test
    void aTimeReadFromANameIsNotComparedWithTheTimeOfCreation() {
        owner(DAILY, lifetime("P1D"));
        owner(ALL, lifetime("P1D"));
        assertThat(gone("@d-2026-03-01_00-00~1 @d-2026-03-02_00-00~2")).containsExactly("d-2026-03-01_00-00");
    }

    @Test
    void w2TheBaseStaysOnBothSidesByGuid() {
        owner(DAILY, lifetime("P1D"));
        seen(Link.Role.RECEIVES, days(2, 3).replace("@d-2026-03-02_00-00", "@renamed=77"));
        assertThat(gone(days(1, 3, 4, 5))).containsExactly("d-2026-03-01_00-00", "d-2026-03-04_00-00");
        links.clear();
        seen(Link.Role.SENDS, days(1, 3));
        assertThat(gone(days(1, 3, 4, 5))).containsExactly("d-2026-03-01_00-00", "d-2026-03-04_00-00");
    }

    @Test
    void w8TheBaseOfEachDestinationStays() {
        owner(DAILY, lifetime("P1D"));
        seen(Link.Role.SENDS, days(1));
        seen(Link.Role.SENDS, days(3));
        assertThat(gone(days(1, 2, 3, 4, 5))).containsExactly("d-2026-03-02_00-00", "d-2026-03-04_00-00");
    }

    @Test
    void aBaseThatTheSourceHasAsABookmarkAloneStays() {
        owner(DAILY, lifetime("P1D"));
        seen(Link.Role.RECEIVES, "#d-2026-03-02_00-00 @d-2026-03-09_00-00");
        assertThat(gone(days(1, 2, 3, 4))).containsExactly("d-2026-03-01_00-00", "d-2026-03-03_00-00");
    }

    @Test
    void pendingSnapshotsStayWhereThatIsAsked() {
        owner(DAILY, lifetime("P1D"));
        seen(Link.Role.SENDS, days(2));
        assertThat(gone(days(1, 2, 3, 4))).containsExactly("d-2026-03-01_00-00", "d-2026-03-03_00-00");
        links.set(
                0,
                new Link(
                        "push",
                        DATA,
                        Link.Role.SENDS,
                        COPY,
                        links.get(0).sight(),
                        Optional.of(new SnapshotSelection.All())));
        assertThat(gone(days(1, 2, 3, 4))).containsExactly("d-2026-03-01_00-00");
        links.set(
                0,
                new Link(
                        "push",
                        DATA,
                        Link.Role.SENDS,
                        COPY,
                        new Link.Sight.Absent(),
                        Optional.of(new SnapshotSelection.All())));
        assertThat(gone(days(1, 2, 3, 4))).isEmpty();
    }

    @Test
    void sameAsSourceDestroysWhatTheSourceDestroyed() {
        owners.add(new Owner("task", d -> true, DAILY, new RetentionPolicy.SameAsSource()));
        seen(Link.Role.RECEIVES, days(2, 4));
        assertThat(gone(days(1, 2, 3, 4))).containsExactly("d-2026-03-01_00-00", "d-2026-03-03_00-00");
    }

    @Test
    void sameAsSourceLeavesWhatWasMadeOnTheTarget() {
        owners.add(new Owner("task", d -> true, DAILY, new RetentionPolicy.SameAsSource()));
        seen(Link.Role.RECEIVES, days(2));
        assertThat(gone(days(1, 2, 3, 4))).containsExactly("d-2026-03-01_00-00");
    }

    @Test
    void w5ARegularExpressionNeverDestroysWhatDoesNotMatchIt() {
        owners.add(new Owner("task", d -> true, new Claim.Matching("a.*"), new RetentionPolicy.SameAsSource()));
        seen(Link.Role.RECEIVES, "@a2");
        assertThat(gone("@a1 @other @a2")).containsExactly("a1");
    }

    @Test
    void w3NothingGoesWithoutABase() {
        owners.add(new Owner("task", d -> true, DAILY, new RetentionPolicy.SameAsSource()));
        owner(DAILY, lifetime("P1D"));
        seen(Link.Role.RECEIVES, "@other");
        assertThat(alone(days(1, 2, 3))).isEqualTo(LeftAlone.Reason.NO_BASE);
    }

    @Test
    void w4NothingGoesOnTheWordOfASourceThatIsMissingEmptyOrUnknown() {
        owners.add(new Owner("task", d -> true, DAILY, new RetentionPolicy.SameAsSource()));
        owner(DAILY, lifetime("P1D"));
        link("task", Link.Role.RECEIVES, new Link.Sight.Absent());
        assertThat(alone(days(1, 2, 3))).isEqualTo(LeftAlone.Reason.SOURCE_MISSING);
        links.clear();
        seen(Link.Role.RECEIVES, "");
        assertThat(alone(days(1, 2, 3))).isEqualTo(LeftAlone.Reason.SOURCE_EMPTY);
        links.clear();
        link("task", Link.Role.RECEIVES, new Link.Sight.Unknown("connection refused"));
        assertThat(alone(days(1, 2, 3))).isEqualTo(LeftAlone.Reason.OTHER_SIDE_UNKNOWN);
        links.clear();
        link("task", Link.Role.SENDS, new Link.Sight.Unknown("connection refused"));
        assertThat(alone(days(1, 2, 3))).isEqualTo(LeftAlone.Reason.OTHER_SIDE_UNKNOWN);
    }

    @Test
    void aMissingSourceIsAMatterOfItsDataset() {
        owner(DAILY, lifetime("P1D"));
        link("task", Link.Role.RECEIVES, new Link.Sight.Absent());
        RetentionPlan plan = plan(Map.of(DATA, History.parse(days(1, 2)), COPY, History.parse(days(1, 2))));
        assertThat(plan.datasets()).extracting(d -> d.destroys().size()).containsExactly(1, 0);
    }

    @Test
    void anAmbiguousNameStopsItsDatasetWithinAnOwnerAndBetweenOwners() {
        owner(new Claim.Named(NamingSchemas.strict("x-%Y-%m-%d_%H-%M", "x-%Y-%d-%m_%H-%M")), lifetime("P1D"));
        assertThat(alone("@x-2026-01-02_00-00 @x-2026-01-03_00-00")).isEqualTo(LeftAlone.Reason.AMBIGUOUS_NAME);
        owners.clear();
        owner(new Claim.Named(NamingSchemas.strict("x-%Y-%m-%d_%H-%M")), lifetime("P1D"));
        owner(new Claim.Named(NamingSchemas.strict("x-%Y-%d-%m_%H-%M")), lifetime("P1D"));
        assertThat(alone("@x-2026-01-02_00-00 @x-2026-01-03_00-00")).isEqualTo(LeftAlone.Reason.AMBIGUOUS_NAME);
    }

    @Test
    void anExpressionThatExplodesStopsItsDataset() {
        owner(new Claim.Matching(".*.*.*.*.*x"), lifetime("P1D"));
        assertThat(alone("@x~1 @" + "a".repeat(200) + "~1 @new")).isEqualTo(LeftAlone.Reason.AMBIGUOUS_NAME);
    }

    @Test
    void tooManyAtOnceNeedConsent() {
        share = RetentionRequest.DEFAULT_SHARE;
        owner(DAILY, lifetime("P1D"));
        assertThat(gone(days(1, 9))).hasSize(1);
        assertThat(alone(days(1, 2, 3, 9))).isEqualTo(LeftAlone.Reason.TOO_MANY);
        assertThat(judged(days(1, 2, 3, 9)).leftAlone().orElseThrow().why() + " "
                        + judged(days(1, 2, 3, 9)).leftAlone().orElseThrow().wayOut())
                .contains("3 of the 4 snapshots")
                .contains("maximumShare=0.5")
                .contains("maximumShare=0.75");
        share = 0.75;
        assertThat(gone(days(1, 2, 3, 9))).hasSize(3);
    }

    @Test
    void aDatasetThatLosesTooMuchDoesNotStopOthersButTooManyInAllDo() {
        share = 0.5;
        owner(DAILY, lifetime("P1D"));
        RetentionPlan one = plan(
                Map.of(DATA, History.parse(days(1, 2, 9)), COPY, History.parse(days(1, 9) + "@foreign @more @still")));
        assertThat(one.datasets()).extracting(d -> d.destroys().size()).containsExactly(1, 0);
        RetentionPlan all = plan(Map.of(DATA, History.parse(days(1, 2, 3, 4, 5, 9)), COPY, History.parse(days(1, 9))));
        assertThat(all.destroyed()).isZero();
        assertThat(all.toString()).contains("6 of the 8 snapshots of all datasets together");
        RetentionPlan some = plan(Map.of(DATA, History.parse(days(1, 2, 3, 9)), COPY, History.parse(days(9))));
        assertThat(some.datasets())
                .as("nothing of the other was to go")
                .extracting(d -> d.leftAlone().isPresent())
                .containsExactly(false, true);
    }

    @Test
    void aShareIsMoreThanNothing() {
        assertThatThrownBy(() -> new RetentionRequest(List.of(), NOW, UTC).withMaximumShare(0))
                .hasMessage("maximumShare is 0.0, and has to be more than 0 and at most 1");
        assertThatThrownBy(() -> new RetentionRequest(List.of(), NOW, UTC).withMaximumShare(1.01))
                .hasMessageContaining("at most 1");
    }

    @Test
    void aPlanIsTheSameUntilTheFirstLifetimeEnds() {
        owner(ALL, new RetentionPolicy.KeepNewest(1));
        assertThat(plan(Map.of(DATA, History.parse(days(1, 9)))).until()).isEqualTo(Instant.MAX);
        owner(DAILY, lifetime("P5D"));
        assertThat(plan(Map.of(DATA, History.parse(days(1, 7, 9)), COPY, History.parse(days(1, 6, 8))))
                        .until())
                .isEqualTo(Instant.parse("2026-03-11T00:00:00Z"));
    }

    @Test
    void wherePropertiesAreReadAPlanIsOfItsMoment() {
        owners.add(new Owner(
                "off", false, d -> true, ALL, Optional.empty(), new RetentionPolicy.ExpiryProperty("my:term")));
        owner(ALL, new RetentionPolicy.KeepNewest(1));
        assertThat(plan(Map.of(DATA, History.parse("@a @b"))).until()).isEqualTo(Instant.MAX);
        owner(ALL, new RetentionPolicy.ExpiryProperty("my:term"));
        assertThat(plan(Map.of(DATA, History.parse("@a @b"))).until()).isEqualTo(NOW);
    }

    @Test
    void aPlanKnowsWhetherThereIsNothingToDo() {
        owner(ALL, new RetentionPolicy.KeepNewest(1));
        assertThat(plan(Map.of(DATA, History.parse("@a"))).nothingToDo()).isTrue();
        assertThat(plan(Map.of(DATA, History.parse("@a @b"))).nothingToDo()).isFalse();
        link("task", Link.Role.RECEIVES, new Link.Sight.Absent());
        assertThat(plan(Map.of(DATA, History.parse("@a"))).nothingToDo()).isTrue();
        assertThat(plan(Map.of(DATA, History.parse("@a @b"))).nothingToDo())
                .as("somebody wants @a gone, and nobody may")
                .isFalse();
        links.clear();
        link("task", Link.Role.SENDS, new Link.Sight.Unknown("connection refused"));
        assertThat(plan(Map.of(DATA, History.parse("@a"))).nothingToDo()).isFalse();
    }

    @Test
    void ofAPlanOnlyWhatSomebodyAgreedToIsLost() {
        owner(ALL, new RetentionPolicy.KeepNewest(1));
        RetentionPlan plan = plan(Map.of(DATA, History.parse("@a=1 @b=2 @c=3")));
        assertThat(plan.destroys())
                .containsExactly("nas snapshot tank/data@a (GUID 1)", "nas snapshot tank/data@b (GUID 2)");
        assertThat(plan.within(entry -> true)).isEqualTo(plan);

        RetentionPlan agreed = plan.within(entry -> entry.contains("@b"));

        assertThat(agreed.destroys()).containsExactly("nas snapshot tank/data@b (GUID 2)");
        assertThat(agreed.until()).isEqualTo(NOW);
        assertThat(agreed.toString()).contains("approval keeps it: it is not in the plan that was approved");
    }

    @Test
    void toMakeRoomABaseHasToBeProven() {
        beforeSending = true;
        owner(DAILY, lifetime("P1D"));
        assertThat(alone(days(1, 2))).isEqualTo(LeftAlone.Reason.NO_BASE);
        seen(Link.Role.SENDS, days(2));
        assertThat(alone(days(1, 2))).as("what it sends proves nothing").isEqualTo(LeftAlone.Reason.NO_BASE);
        seen(Link.Role.RECEIVES, days(2));
        assertThat(gone(days(1, 2))).containsExactly("d-2026-03-01_00-00");
    }

    @Test
    void aDatasetThatWasSetAsideIsLeftAlone() {
        owner(DAILY, lifetime("P1D"));
        for (String name : List.of("backup/data.zl1-aside-0123abcd", "backup/data.zl1-incoming")) {
            RetentionPlan plan = plan(Map.of(DatasetName.of(name), History.parse(days(1, 2, 9))));
            assertThat(plan.destroyed()).isZero();
            assertThat(plan.datasets().get(0).leftAlone().orElseThrow().reason())
                    .isEqualTo(LeftAlone.Reason.SWAPPED);
        }
    }

    @Test
    void aPlanExplainsEachSnapshotToPeopleAndPrograms() {
        owner(DAILY, lifetime("P1D"));
        owner(ALL, new RetentionPolicy.KeepNewest(2));
        RetentionPlan plan = plan(Map.of(DATA, History.parse(days(1, 8, 9))));
        assertThat(plan).hasToString("""
                retention on nas: 1 of 3 snapshots will be destroyed
                  tank/data
                      destroy  @d-2026-03-01_00-00
                          owner0 lets it go: its lifetime of P1D was over 2026-03-02T00:00Z[UTC]
                          owner1 lets it go: number 3 from the newest, of 2 to keep
                      keep     @d-2026-03-08_00-00
                          owner0 lets it go: its lifetime of P1D was over 2026-03-09T00:00Z[UTC]
                          owner1 keeps it: number 2 from the newest, of 2 to keep
                      keep     @d-2026-03-09_00-00
                          owner0 lets it go: its lifetime of P1D was over 2026-03-10T00:00Z[UTC]
                          newest keeps it: the newest named d-%Y-%m-%d_%H-%M
                          owner1 keeps it: number 1 from the newest, of 2 to keep
                          newest keeps it: the newest of its dataset
                """);
        assertThat(plan.toJson())
                .isEqualTo(plan(Map.of(DATA, History.parse(days(1, 8, 9)))).toJson())
                .contains("\"format\": \"zlineage.retention/1\"", "\"destroy\": true");
        assertThat(plan).isEqualTo(plan(Map.of(DATA, History.parse(days(1, 8, 9)))));
    }

    @Test
    void whatNobodyOwnsIsCountedAndNotListed() {
        owner(DAILY, lifetime("P1D"));
        assertThat(plan(Map.of(DATA, History.parse("@foreign @mine " + days(1, 9))))
                        .toString())
                .contains("2 of no owner stay")
                .doesNotContain("@foreign");
    }
}
