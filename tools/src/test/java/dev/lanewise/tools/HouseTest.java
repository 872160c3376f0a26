package dev.lanewise.tools;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the dependency directions of the house: kernels, nn, models, verify, tools. */
class HouseTest {

  private static final List<String> ROOMS = List.of("kernels", "nn", "models", "verify", "tools");

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .importPaths(ROOMS.stream().map(room -> Path.of("..", room, "target/classes")).toList());

  @ParameterizedTest
  @CsvSource({
    "kernels, nn models verify tools",
    "nn, models verify tools",
    "models, verify tools",
    "verify, tools"
  })
  void lowerRoomDoesNotKnowTheRoomsAbove(String room, String above) {
    String[] packages =
        Stream.of(above.split(" "))
            .map(name -> "dev.lanewise." + name + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("dev.lanewise." + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .allowEmptyShould(true)
        .check(HOUSE);
  }

  @Test
  void kernelsDependsOnTheJdkAlone() {
    classes()
        .that()
        .resideInAPackage("dev.lanewise.kernels..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.lanewise.kernels..", "java..", "com.sun.management..", "jdk.incubator.vector..")
        .allowEmptyShould(true)
        .check(HOUSE);
  }

  /** Only {@code plan} is left out: it lists the algorithms that implement its sealed interface. */
  @Test
  void packagesOfKernelsAreFreeOfCycles() {
    slices()
        .matching("dev.lanewise.kernels.(*)..")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(resideInAPackage("dev.lanewise.kernels.plan.."), alwaysTrue())
        .allowEmptyShould(true)
        .check(HOUSE);
  }
}
