package io.agenthub.examples.gateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows of the house, over the class files of all modules. */
class ArchitectureTest {
    private static JavaClasses hub;

    @BeforeAll
    static void read() {
        hub = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar") && !location.contains("test-classes"))
                .importPackages("io.agenthub");
    }

    @Test
    void everyModuleIsSeen() {
        for (String name :
                new String[] {"io.agenthub.api.Promise", "io.agenthub.core.AgentHub", "io.agenthub.gateway.Gateway"}) {
            hub.get(name);
        }
        for (String root : new String[] {"io.agenthub.mcp", "io.agenthub.store", "io.agenthub.ollama"}) {
            if (hub.stream().noneMatch(type -> type.getPackageName().startsWith(root))) {
                throw new AssertionError("no class of " + root + " was read");
            }
        }
    }

    @Test
    void modulesSeeTheApiAndNeverEachOther() {
        String[] modules = {"io.agenthub.core", "io.agenthub.mcp", "io.agenthub.ollama", "io.agenthub.store"};
        for (String module : modules) {
            for (String other : modules) {
                if (!module.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage(module + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(other + "..")
                            .check(hub);
                }
            }
            noClasses()
                    .that()
                    .resideInAPackage("io.agenthub.api..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(module + "..")
                    .check(hub);
        }
    }

    @Test
    void theGatewayUsesTheHubByItsPublicDoors() {
        noClasses()
                .that()
                .resideInAPackage("io.agenthub.gateway..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.agenthub.core.internal..")
                .check(hub);
        noClasses()
                .that()
                .resideInAPackage("io.agenthub.core..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.agenthub.gateway..")
                .check(hub);
    }

    @Test
    void theCoreIsBuiltInLayers() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("core")
                .definedBy("io.agenthub.core")
                .layer("hub")
                .definedBy("io.agenthub.core.internal.hub..")
                .layer("parts")
                .definedBy(
                        "io.agenthub.core.internal.supervise..",
                        "io.agenthub.core.internal.breaker..",
                        "io.agenthub.core.internal.lease..",
                        "io.agenthub.core.internal.parts..")
                .layer("spi")
                .definedBy("io.agenthub.core.internal.spi..")
                .layer("concurrent")
                .definedBy("io.agenthub.core.internal.concurrent..")
                .whereLayer("core")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("hub")
                .mayOnlyBeAccessedByLayers("core")
                .whereLayer("parts")
                .mayOnlyBeAccessedByLayers("core", "hub")
                .whereLayer("spi")
                .mayOnlyBeAccessedByLayers("core", "hub", "parts")
                .check(hub);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.agenthub.(**)").should().beFreeOfCycles().check(hub);
    }

    @Test
    void theApiDependsOnNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage("io.agenthub.api..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.agenthub.api..", "java..", "org.jspecify..")
                .check(hub);
    }

    @Test
    void publicSignaturesCarryNoThirdPartyType() {
        ArchRule rule = classes()
                .that()
                .arePublic()
                .and()
                .resideOutsideOfPackages("..internal..", "io.agenthub.examples..", "io.agenthub.bench..")
                .should(nameOnlyOurTypesAndTheJdks());
        rule.check(hub);
    }

    /** Its types are what that package is for; nothing else names them, so that whoever does not want it needs not have it. */
    @Test
    void onlyItsOwnPackageKnowsMicrometer() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.agenthub.core.micrometer..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .check(hub);
    }

    private static ArchCondition<JavaClass> nameOnlyOurTypesAndTheJdks() {
        return new ArchCondition<>("name only types of AgentHub and the JDK in public signatures") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                Stream<JavaCodeUnit> open = type.getCodeUnits().stream()
                        .filter(unit -> unit.getModifiers().contains(JavaModifier.PUBLIC)
                                || unit.getModifiers().contains(JavaModifier.PROTECTED));
                open.forEach(unit -> Stream.concat(
                                Stream.of(unit.getRawReturnType()), unit.getRawParameterTypes().stream())
                        .map(JavaClass::getBaseComponentType)
                        .filter(used -> !used.isPrimitive()
                                && !used.getPackageName().startsWith("java")
                                && !(type.getPackageName().equals("io.agenthub.core.micrometer")
                                        && used.getPackageName().startsWith("io.micrometer"))
                                && !(used.getPackageName().startsWith("io.agenthub")
                                        && !resideInAPackage("..internal..").test(used)))
                        .forEach(used -> events.add(SimpleConditionEvent.violated(
                                unit, unit.getFullName() + " names " + used.getFullName()))));
            }
        };
    }
}
