package io.eventgateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses core = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.eventgateway");

    @Test
    void theWayOfAnEventGoesOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.eventgateway.internal..")
                .layer("gateway")
                .definedBy("..internal.gateway..")
                .layer("intake")
                .definedBy("..internal.intake..")
                .layer("registry")
                .definedBy("..internal.registry..")
                .layer("routing")
                .definedBy("..internal.routing..")
                .layer("delivery")
                .definedBy("..internal.delivery..")
                .layer("invocation")
                .definedBy("..internal.invocation..")
                .layer("filter")
                .definedBy("..internal.filter..")
                .layer("transform")
                .definedBy("..internal.transform..")
                .layer("check")
                .definedBy("..internal.check..")
                .layer("memory")
                .definedBy("..internal.memory..")
                .layer("values")
                .definedBy("..internal.access..", "..internal.event..")
                .whereLayer("gateway") // the assembly: only it knows every package
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("intake")
                .mayOnlyBeAccessedByLayers("gateway")
                .whereLayer("registry")
                .mayOnlyBeAccessedByLayers("gateway")
                .whereLayer("routing")
                .mayOnlyBeAccessedByLayers("gateway", "intake", "registry")
                .whereLayer("delivery")
                .mayOnlyBeAccessedByLayers("gateway", "intake", "registry", "routing")
                .whereLayer("invocation")
                .mayOnlyBeAccessedByLayers("gateway", "intake", "registry", "routing", "delivery")
                .whereLayer("filter") // a transform sees an event as a filter does
                .mayOnlyBeAccessedByLayers("gateway", "routing", "transform", "values", "check")
                .whereLayer("transform") // the assembly gives what it does to invocation
                .mayOnlyBeAccessedByLayers("gateway", "values", "check")
                .whereLayer("check")
                .mayOnlyBeAccessedByLayers("gateway", "registry")
                .whereLayer("memory")
                .mayNotBeAccessedByAnyLayer()
                .check(core);
    }

    @Test
    void onlyInternalPackagesKnowTheRooms() {
        classes()
                .that()
                .resideInAnyPackage(
                        "..internal.intake..",
                        "..internal.registry..",
                        "..internal.routing..",
                        "..internal.delivery..",
                        "..internal.invocation..")
                .should()
                .onlyBeAccessed()
                .byClassesThat()
                .resideInAPackage("io.eventgateway.internal..")
                .check(core);
    }

    @Test
    void threadsAreMadeInOnePlace() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.(Workers|BoundedPool)(\\$.*)?")
                .and()
                .resideInAPackage("io.eventgateway..")
                .should()
                .callConstructor(Thread.class, Runnable.class, String.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Executors.class)
                .orShould()
                .callMethod(java.util.concurrent.CompletableFuture.class, "runAsync", Runnable.class)
                .orShould()
                .callMethod(java.util.concurrent.CompletableFuture.class, "runAsync", Runnable.class, Executor.class)
                .check(core);
    }

    @Test
    void whatMayChangeIsMarked() {
        classes()
                .that()
                .haveFullyQualifiedName("io.eventgateway.spi.EventStore")
                .should()
                .beAnnotatedWith(io.eventgateway.annotation.Experimental.class)
                .check(core);
    }

    @Test
    void toolsAreToldWhichResultsMatter() {
        methods()
                .that()
                .areDeclaredIn(EventGateway.class)
                .and()
                .haveNameMatching("emit|emitAll|subscribe|subscribeAsync")
                .should()
                .beAnnotatedWith(io.eventgateway.annotation.CanIgnoreReturnValue.class)
                .check(core);
        classes()
                .that()
                .haveFullyQualifiedName("io.eventgateway.EventGateway")
                .should()
                .beAnnotatedWith(io.eventgateway.annotation.CheckReturnValue.class)
                .check(core);
    }
}
