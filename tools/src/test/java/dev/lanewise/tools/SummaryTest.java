package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

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
}
