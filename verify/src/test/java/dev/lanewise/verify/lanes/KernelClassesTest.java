package dev.lanewise.verify.lanes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.plan.ConvPlan;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.module.ModuleReader;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reads the bytecode of every class of the kernels. */
class KernelClassesTest {

  private static final String SPECIES = "Ljdk/incubator/vector/VectorSpecies;";
  private static final String FLOAT_VECTOR = "Ljdk/incubator/vector/FloatVector;";

  @Test
  void speciesAreConstants() throws IOException {
    List<String> offenders = new ArrayList<>();
    int seen = 0;
    for (ClassModel type : kernelClasses()) {
      for (FieldModel field : type.fields()) {
        if (!field.fieldType().stringValue().equals(SPECIES)) {
          continue;
        }
        seen++;
        Set<AccessFlag> flags = field.flags().flags();
        if (!flags.containsAll(Set.of(AccessFlag.STATIC, AccessFlag.FINAL))) {
          offenders.add(name(type) + "." + field.fieldName().stringValue());
        }
      }
    }
    assertEquals(List.of(), offenders);
    assertTrue(seen >= 3, seen + " species seen");
  }

  @Test
  void vectorsLiveInLocalVariablesAlone() throws IOException {
    List<String> offenders = new ArrayList<>();
    for (ClassModel type : kernelClasses()) {
      for (FieldModel field : type.fields()) {
        if (field.fieldType().stringValue().contains(FLOAT_VECTOR)) {
          offenders.add(name(type) + "." + field.fieldName().stringValue());
        }
      }
    }
    assertEquals(List.of(), offenders);
  }

  private static String name(ClassModel type) {
    return type.thisClass().asInternalName();
  }

  private static List<ClassModel> kernelClasses() throws IOException {
    Module kernels = ConvPlan.class.getModule();
    try (ModuleReader reader =
        kernels
            .getLayer()
            .configuration()
            .findModule(kernels.getName())
            .orElseThrow()
            .reference()
            .open()) {
      List<ClassModel> classes = new ArrayList<>();
      for (String name : reader.list().filter(n -> n.endsWith(".class")).toList()) {
        byte[] bytes = reader.open(name).orElseThrow().readAllBytes();
        classes.add(ClassFile.of().parse(bytes));
      }
      return classes;
    }
  }
}
