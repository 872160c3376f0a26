package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryTest extends CommandTest {

  @Test
  void tableEndsWithTheTotals() {
    assertEquals(0, run("summary", "lenet5"));
    List<String> lines = out().lines().toList();
    assertEquals("lenet5 on 1x1x32x32", lines.getFirst());
    assertTrue(lines.getLast().matches("total +61,706 .*"), this::out);
  }

  @Test
  void jsonHasEveryLayerAndTheTotals() {
    assertEquals(0, run("summary", "lenet5", "--json", "--batch", "2"));
    JsonObject report = JsonParser.parseString(out()).getAsJsonObject();
    JsonObject first = report.getAsJsonArray("layers").get(0).getAsJsonObject();
    assertEquals("[2,6,28,28]", first.get("outputShape").toString());
    assertEquals(156, first.get("parameters").getAsInt());
    assertEquals(2 * 6 * 28 * 28 * 25, first.get("multiplyAdds").getAsInt());
    assertEquals(2 * 6 * 28 * 28 * 4, first.get("activationBytes").getAsInt());
    assertEquals("[5,5]", first.get("receptiveField").toString());
    assertEquals(32 * 32 - 28 * 28, first.get("lostPixels").getAsInt());
    assertEquals(61_706, report.getAsJsonObject("total").get("parameters").getAsInt());
  }

  @Test
  void unknownModelIsBadUsageAndTheKnownOnesAreNamed() {
    assertEquals(2, run("summary", "lenet6"));
    assertTrue(err().contains("unknown model 'lenet6'; the models are: "), this::err);
  }

  @Test
  void missingModelIsBadUsage() {
    assertEquals(2, run("summary"));
    assertTrue(err().contains("MODEL"), this::err);
  }

  @Test
  void batchThatCountsNothingIsBadUsage() {
    for (String batch : List.of("0", "-3", "many", "1.5", "99999999999")) {
      assertEquals(2, run("summary", "lenet5", "--batch", batch), batch);
    }
    assertTrue(err().contains("must be at least 1, is -3"), this::err);
    assertTrue(err().contains("'many' is not a whole number"), this::err);
  }

  @Test
  void batchTooLargeForAnArrayFailsWithTheRule() {
    assertEquals(1, run("summary", "lenet5", "--batch", "2000000000"));
    assertTrue(err().lines().count() == 1, this::err);
  }

  /** SURVEY.md's exercise: complete the table. */
  private static final String EXERCISE =
      "input 3 128 128, conv 5 32 padding 2, pool 2, conv 3 64, pool 2, flatten, dense 128, dense"
          + " 4";

  private JsonObject exercise(String... options) {
    List<String> arguments = new ArrayList<>(List.of("summary", "--json", "--layers", EXERCISE));
    arguments.addAll(List.of(options));
    assertEquals(0, run(arguments.toArray(String[]::new)), this::err);
    return JsonParser.parseString(out()).getAsJsonObject();
  }

  private static String column(JsonObject report, String field) {
    return report.getAsJsonArray("layers").asList().stream()
        .map(layer -> layer.getAsJsonObject().get(field).toString())
        .collect(Collectors.joining(" "));
  }

  @Test
  void theSurveysExerciseIsAnswered() {
    JsonObject report = exercise();
    assertEquals("2432 0 18496 0 0 7872640 516", column(report, "parameters"));
    assertEquals(
        "[1,32,128,128] [1,32,64,64] [1,64,62,62] [1,64,31,31] [1,61504] [1,128] [1,4]",
        column(report, "outputShape"));
    assertEquals(7_894_084, report.getAsJsonObject("total").get("parameters").getAsInt());
    assertTrue(column(report, "receptiveField").startsWith("[5,5] [6,6] [10,10]"), this::out);
  }

  @Test
  void theExerciseWithoutItsFirstPoolSeesLess() {
    JsonObject report = exercise("--without", "pool1");
    assertTrue(column(report, "receptiveField").startsWith("[5,5] [7,7]"), this::out);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "conv 3 8 | begins with 'input CHANNELS HEIGHT WIDTH', not with 'conv 3 8'",
        "input 3 8 8, cnov 3 8 | 'cnov 3 8' is no layer; the layers are conv K C",
        "input 3 8 8, conv 3 | 'conv 3' lacks number 2",
        "input 3 8 x, conv 3 8 | 'x' is not a whole number in 'input 3 8 x'",
        "input 3 8 8, conv -1 3 | -1 in 'conv -1 3' is negative",
        "input 3 8 8, pool 2 strode 3 | 'strode' in 'pool 2 strode 3' is neither stride nor"
            + " padding",
        "input 3 8 8, conv 9 8 | conv1: ",
        "input 3 8 8, dense 9 | dense1: ",
      })
  void aLineThatIsNoNetworkIsRefusedWithTheWord(String layers, String message) {
    assertEquals(2, run("summary", "--layers", layers));
    assertTrue(err().contains(message), this::err);
  }

  @Test
  void aLayerThatIsNotThereCannotBeLeftOut() {
    assertEquals(2, run("summary", "--layers", EXERCISE, "--without", "pool3"));
    assertTrue(err().contains("there is no layer [pool3] to leave out"), this::err);
  }

  @Test
  void efficientNetsShowTheRuleBesideTheirPublishedFactors() {
    assertEquals(0, run("summary", "efficientnet_b7"));
    List<String> lines = out().lines().map(line -> line.replaceAll(" +", " ")).toList();
    assertTrue(lines.contains("depth 1.2^7 3.58 3.1"), this::out);
    assertTrue(lines.contains("width 1.1^7 1.95 2.0"), this::out);
    assertTrue(lines.contains("image 224 x 1.15^7 596 600"), this::out);
  }
}
