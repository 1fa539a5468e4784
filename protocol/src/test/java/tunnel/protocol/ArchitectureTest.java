package tunnel.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter().importUrl(Frame.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void packagesHaveNoCycles() {
        slices().matching("tunnel.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /// Logging knows of nothing, sockets of no frames, frames of no streams.
    @Test
    void eachLayerKnowsOnlyThoseBelow() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("tunnel..")
                .layer("log").definedBy("tunnel.log")
                .layer("net").definedBy("tunnel.net")
                .layer("protocol").definedBy("tunnel.protocol")
                .layer("channel").definedBy("tunnel.channel")
                .layer("http").definedBy("tunnel.http")
                .layer("cli").definedBy("tunnel.cli")
                .layer("home").definedBy("tunnel.home")
                .layer("config").definedBy("tunnel.config")
                .layer("admin").definedBy("tunnel.admin")
                .layer("doctor").definedBy("tunnel.doctor")
                .layer("completion").definedBy("tunnel.completion")
                .ensureAllClassesAreContainedInArchitecture()
                .whereLayer("log").mayNotAccessAnyLayer()
                .whereLayer("home").mayNotAccessAnyLayer()
                .whereLayer("admin").mayOnlyAccessLayers("net")
                .whereLayer("doctor").mayOnlyAccessLayers("cli", "net", "home")
                .whereLayer("completion").mayOnlyAccessLayers("cli")
                .whereLayer("net").mayOnlyAccessLayers("log")
                .whereLayer("http").mayOnlyAccessLayers("net")
                .whereLayer("protocol").mayOnlyAccessLayers("net", "log")
                .whereLayer("channel").mayOnlyAccessLayers("protocol", "net", "log")
                .whereLayer("cli").mayOnlyAccessLayers("protocol", "net", "log", "home")
                .whereLayer("config").mayOnlyAccessLayers("cli", "home", "log")
                .check(CLASSES);
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
