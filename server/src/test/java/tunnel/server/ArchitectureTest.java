package tunnel.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(TunnelServer.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void packagesHaveNoCycles() {
        slices().matching("tunnel.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /// The two sides of the server meet in the registry, which knows neither.
    @Test
    void edgeAndControlKnowTheRegistryAndNotEachOther() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("tunnel.server..")
                .layer("server").definedBy("tunnel.server")
                .layer("edge").definedBy("tunnel.server.edge..")
                .layer("access").definedBy("tunnel.server.access..")
                .layer("control").definedBy("tunnel.server.control..")
                .layer("tokens").definedBy("tunnel.server.tokens..")
                .layer("registry").definedBy("tunnel.server.registry..")
                .layer("lease").definedBy("tunnel.server.lease..")
                .ensureAllClassesAreContainedInArchitecture()
                .whereLayer("lease").mayNotAccessAnyLayer()
                .whereLayer("registry").mayOnlyAccessLayers("lease")
                .whereLayer("access").mayNotAccessAnyLayer()
                .whereLayer("tokens").mayOnlyAccessLayers("registry")
                .whereLayer("edge").mayOnlyAccessLayers("registry", "access")
                .whereLayer("control").mayOnlyAccessLayers("registry", "tokens")
                .check(CLASSES);
    }

    @Test
    void theServerDoesNotKnowTheClient() {
        noClasses().should().dependOnClassesThat().resideInAPackage("tunnel.client..").check(CLASSES);
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
