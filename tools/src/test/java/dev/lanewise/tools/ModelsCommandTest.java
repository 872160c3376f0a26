package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.models.Models;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelsCommandTest extends CommandTest {

  @Test
  void everyModelIsListedWithYearInputAndParameters() {
    assertEquals(0, run("models"));
    List<String> lines = out().lines().skip(2).toList();
    assertEquals(
        List.copyOf(Models.names()),
        lines.stream().map(line -> line.replaceAll(" .*", "")).toList());
    assertTrue(
        lines.stream().anyMatch(l -> l.matches("vgg16 +2014 +3x224x224 +138,357,544")), this::out);
  }

  @Test
  void comparisonHasTheSurveysColumnsAndATime() {
    assertEquals(0, run("models", "--compare", "--only", "lenet5*", "--threads", "1"));
    List<String> lines = out().lines().toList();
    assertEquals(4, lines.size());
    assertTrue(
        lines
            .getFirst()
            .matches(
                "model +year +idea +depth +parameters +multiply-adds +activations, MB +input +ms"),
        this::out);
    assertTrue(
        lines
            .get(2)
            .matches(
                "lenet5 +1998 +shared weights .* +5 +61,706 +416,520 +0\\.1 +1x32x32 +[\\d.]+"),
        this::out);
  }

  @Test
  void aPatternWithoutModelsAndThreadsBeyondReasonAreRefused() {
    assertEquals(1, run("models", "--only", "lenet6"));
    assertTrue(err().contains("no model's name matches 'lenet6'"), this::err);
    assertEquals(2, run("models", "--compare", "--only", "lenet5", "--threads", "5000"));
    assertTrue(err().contains("--threads must be at most 1024, is 5000"), this::err);
  }
}
