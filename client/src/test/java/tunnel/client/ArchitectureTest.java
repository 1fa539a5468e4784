package tunnel.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(TunnelClient.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void packagesHaveNoCycles() {
        slices().matching("tunnel.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /// The tests do, and start one.
    @Test
    void theClientDoesNotKnowTheServer() {
        noClasses().should().dependOnClassesThat().resideInAPackage("tunnel.server..").check(CLASSES);
    }

    @Test
    void nobodyEndsTheProcessByExit() {
        noClasses().should().callMethod(System.class, "exit", int.class).check(CLASSES);
        noClasses().should().callMethod(Runtime.class, "exit", int.class).check(CLASSES);
    }

    @Test
    void logsGoToSlf4jAlone() {
        noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..").check(CLASSES);
    }
}
