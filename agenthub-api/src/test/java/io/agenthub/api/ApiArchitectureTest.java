package io.agenthub.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the API promises by its shape. */
class ApiArchitectureTest {
    private static final JavaClasses API = new ClassFileImporter()
            .withImportOption(ApiArchitectureTest::isMain)
            .importPackages("io.agenthub.api");

    /** Tests share the packages; they live elsewhere. */
    private static boolean isMain(Location location) {
        String place = String.valueOf(AgentHubException.class.getResource("AgentHubException.class"));
        return location.contains(place.substring(0, place.indexOf("/io/agenthub/")));
    }

    @Test
    void itNeedsNothingButTheJdk() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "io.agenthub.api..", "org.jspecify.annotations")
                .check(API);
    }

    @Test
    void parsersKnowNobodyAbove() {
        noClasses()
                .that()
                .resideInAPackage("io.agenthub.api.rpc")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.agenthub.api.bridge", "io.agenthub.api.server", "io.agenthub.api.hub")
                .check(API);
    }

    @Test
    void contractsKnowNoExtensionPoints() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.agenthub.api.spi")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.agenthub.api.spi")
                .check(API);
    }

    @Test
    void partsFormNoCycles() {
        slices().matching("io.agenthub.api.(*)..").should().beFreeOfCycles().check(API);
    }

    @Test
    void interfacesAnswerWithStagesAndNotWithFutures() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .areInterfaces()
                .should()
                .notHaveRawReturnType(CompletableFuture.class)
                .check(API);
    }

    @Test
    void nothingStaticChanges() {
        fields().that().areStatic().should().haveModifier(JavaModifier.FINAL).check(API);
    }

    @Test
    void nothingPrintsOrExits() {
        noClasses().should().accessField(System.class, "out").check(API);
        noClasses().should().accessField(System.class, "err").check(API);
        noClasses().should().callMethod(System.class, "exit", int.class).check(API);
    }
}
