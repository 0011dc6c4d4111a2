// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The directions between modules and packages, and what core may not touch. */
class ArchitectureTest {
    private static final String ROOT = "dev.zlineage.";

    /** For each module, the modules of ours that it may use. A module that is not here fails the test. */
    private static final Map<String, Set<String>> MODULES = Map.of(
            "core", Set.of(),
            "transport.local", Set.of("core"),
            "transport.ssh", Set.of("core"),
            "scheduler", Set.of("core"),
            "testkit", Set.of("core"),
            "testkit.container", Set.of("core", "testkit"),
            "cli", Set.of("core", "transport.local", "transport.ssh", "scheduler", "testkit"));

    /**
     * For each package of core, the packages of core that it may use. A package that is not here fails the test. The
     * root package, {@code dev.zlineage.core}, is the door: it may use every other, and none may use it.
     */
    private static final Map<String, Set<String>> CORE = Map.ofEntries(
            Map.entry("concurrency", Set.of()),
            Map.entry("json", Set.of()),
            Map.entry("transport", Set.of("concurrency")),
            Map.entry("zfs", Set.of("transport")),
            Map.entry("lineage", Set.of("zfs")),
            Map.entry("select", Set.of("zfs", "lineage")),
            Map.entry("mark", Set.of("zfs")),
            Map.entry("memory", Set.of("zfs", "select", "concurrency")),
            Map.entry("observe", Set.of("zfs", "lineage", "select", "mark", "memory")),
            Map.entry("plan", Set.of("zfs", "lineage", "select", "mark", "observe", "memory", "json")),
            Map.entry("prune", Set.of("zfs", "observe", "select", "mark", "retain")),
            Map.entry("retain", Set.of("zfs", "lineage", "select", "mark", "json")),
            Map.entry(
                    "run",
                    Set.of("zfs", "lineage", "select", "mark", "observe", "plan", "concurrency", "transport", "json")),
            Map.entry("doctor", Set.of("zfs", "mark", "json")),
            Map.entry("verify", Set.of("zfs", "lineage", "select", "observe", "plan", "json", "concurrency")),
            Map.entry("command", Set.of("zfs", "mark", "transport", "concurrency")));

    /** The one class of core that is the real time, the real threads and the real chance. */
    private static final String SYSTEM = ROOT + "core.concurrency.SystemConcurrency";

    private static final JavaClasses ALL = new ClassFileImporter()
            // Not ArchUnit's own option for this: it does not know the directory of -Dfast.
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("dev.zlineage");

    static Stream<String> modules() {
        return MODULES.keySet().stream().sorted();
    }

    static Stream<String> packagesOfCore() {
        return CORE.keySet().stream().sorted();
    }

    @Test
    void everyModuleIsKnownHere() {
        assertThat(ALL.stream().map(ArchitectureTest::module).collect(toSet()))
                .containsExactlyInAnyOrderElementsOf(MODULES.keySet());
    }

    @ParameterizedTest
    @MethodSource("modules")
    void moduleUsesOnly(String module) {
        Set<String> allowed = new TreeSet<>(MODULES.get(module));
        allowed.add(module);
        noClasses()
                .that(describe("are in module " + module, c -> module(c).equals(module)))
                .should()
                .dependOnClassesThat(
                        describe("are of ours and outside " + allowed, c -> isOurs(c) && !allowed.contains(module(c))))
                .check(ALL);
    }

    @Test
    void everyPackageOfCoreIsKnownHere() {
        assertThat(ALL.stream()
                        .filter(c -> module(c).equals("core"))
                        .map(ArchitectureTest::packageOfCore)
                        .filter(p -> !p.isEmpty())
                        .collect(toSet()))
                .isSubsetOf(CORE.keySet());
    }

    @ParameterizedTest
    @MethodSource("packagesOfCore")
    void packageOfCoreUsesOnly(String name) {
        Set<String> allowed = new TreeSet<>(CORE.get(name));
        allowed.add(name);
        noClasses()
                .that(describe(
                        "are in core." + name,
                        c -> isCore(c) && packageOfCore(c).equals(name)))
                .should()
                .dependOnClassesThat(describe(
                        "are in core and outside " + allowed, c -> isCore(c) && !allowed.contains(packageOfCore(c))))
                .allowEmptyShould(true)
                .check(ALL);
    }

    @Test
    void noCyclesBetweenPackages() {
        slices().matching("dev.zlineage.(**)").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void coreUsesNoLibraryButItsTwo() {
        classes()
                .that(describe("are in core", ArchitectureTest::isCore))
                .should()
                .onlyDependOnClassesThat(resideInAPackage("java..")
                        .or(resideInAPackage("org.slf4j.."))
                        .or(resideInAPackage("org.jspecify.."))
                        .or(describe("are in core", ArchitectureTest::isCore)))
                .check(ALL);
    }

    @Test
    void coreStartsNoThreadAndTakesNoLock() {
        noClasses()
                .that(CORE_BUT_SYSTEM)
                .should()
                .dependOnClassesThat(
                        describe("are threads, locks or executors", c -> isThreading(c.getBaseComponentType())))
                .orShould()
                .accessTargetWhere(
                        describe("sleep, wait, notify or run on the common pool", ArchitectureTest::isMonitorOrPool))
                .check(ALL);
    }

    @Test
    void coreTakesNoMonitor() {
        classes().that(CORE_BUT_SYSTEM).should(new NoSynchronized()).check(ALL);
    }

    @Test
    void coreReadsNoClockAndDrawsNoChance() {
        noClasses()
                .that(CORE_BUT_SYSTEM)
                .should()
                .accessTargetWhere(describe("read a clock or draw chance", ArchitectureTest::isClockOrChance))
                .check(ALL);
    }

    private static final DescribedPredicate<JavaClass> CORE_BUT_SYSTEM = describe(
            "are in core and not SystemConcurrency",
            c -> isCore(c) && !c.getName().equals(SYSTEM) && !c.getName().startsWith(SYSTEM + "$"));

    private static boolean isThreading(JavaClass used) {
        String name = used.getName();
        if (name.startsWith("java.util.concurrent.")) {
            String rest = name.substring("java.util.concurrent.".length());
            // Collections, values and failures; everything else there waits, locks or runs something.
            return !rest.startsWith("atomic.")
                    && !rest.startsWith("Concurrent")
                    && !rest.startsWith("CopyOnWrite")
                    && !Set.of(
                                    "Callable",
                                    "TimeUnit",
                                    "TimeoutException",
                                    "CancellationException",
                                    "ExecutionException")
                            .contains(rest);
        }
        return name.equals("java.util.Timer")
                || Set.of("java.lang.Thread", "java.lang.ThreadGroup", "java.lang.ThreadLocal")
                        .contains(name.replaceAll("\\$.*", ""));
    }

    private static boolean isMonitorOrPool(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getName();
        return (Set.of("wait", "notify", "notifyAll").contains(name)
                        && access.getTarget().getFullName().matches("java\\.lang\\.Object\\..*"))
                || (owner.equals("java.util.concurrent.TimeUnit")
                        && Set.of("sleep", "timedJoin", "timedWait").contains(name))
                || name.equals("parallelStream")
                || (owner.startsWith("java.util.stream.") && name.equals("parallel"));
    }

    private static boolean isClockOrChance(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getName();
        return switch (owner) {
            case "java.lang.System" -> name.equals("nanoTime") || name.equals("currentTimeMillis");
            case "java.lang.Math", "java.lang.StrictMath" -> name.equals("random");
            case "java.util.UUID" -> name.equals("randomUUID");
            case "java.util.Date", "java.util.Random", "java.util.SplittableRandom" ->
                name.equals("<init>") && access.getTarget().getFullName().endsWith("()");
            case "java.util.Calendar" -> name.equals("getInstance");
            case "java.util.Collections" -> name.equals("shuffle");
            case "java.security.SecureRandom", "java.util.concurrent.ThreadLocalRandom" -> true;
            default ->
                (owner.startsWith("java.time.") && name.equals("now"))
                        || (owner.startsWith("java.time.") && name.equals("tickSeconds"))
                        || (owner.equals("java.time.Clock") && (name.startsWith("system") || name.startsWith("tick")))
                        || (owner.equals("java.time.InstantSource") && name.equals("system"));
        };
    }

    private static boolean isOurs(JavaClass c) {
        return c.getBaseComponentType().getPackageName().startsWith("dev.zlineage");
    }

    private static boolean isCore(JavaClass c) {
        return isOurs(c) && module(c).equals("core");
    }

    /** The module of a class, from its package; the package itself when it is in no module that is known here. */
    private static String module(JavaClass c) {
        String name = c.getBaseComponentType().getPackageName() + ".";
        return MODULES.keySet().stream()
                .filter(m -> name.startsWith(ROOT + m + "."))
                .max(Comparator.comparing(String::length)) // testkit.container is not in testkit
                .orElse(name);
    }

    /** The first word behind {@code dev.zlineage.core.}; empty for the root package. */
    private static String packageOfCore(JavaClass c) {
        String name = c.getBaseComponentType().getPackageName().substring((ROOT + "core").length());
        return Stream.of(name.split("\\.")).filter(s -> !s.isEmpty()).limit(1).collect(joining());
    }
}
