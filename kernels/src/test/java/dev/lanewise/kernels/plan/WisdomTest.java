package dev.lanewise.kernels.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WisdomTest {

  private static final ConvShape SHAPE = ConvShape.conv2d(1, 16, 6, 6, 16, 3, 3);

  @TempDir private Path folder;

  @Test
  void raceIsRememberedInAFileAndRepeatedWithoutMeasuring() throws IOException {
    Wisdom learnt = new Wisdom();
    ConvPlan raced = ConvPlan.of(SHAPE, ConvOptions.defaults().withRace().withWisdom(learnt));
    assertEquals(1, learnt.size());
    Path file = folder.resolve("wisdom.txt");
    learnt.save(file);
    Wisdom loaded = Wisdom.load(file);
    assertEquals(learnt.toString(), loaded.toString());
    ConvPlan repeated = ConvPlan.of(SHAPE, ConvOptions.defaults().withRace().withWisdom(loaded));
    assertEquals(raced.algorithm(), repeated.algorithm());
    assertTrue(repeated.explain().contains("picked by an earlier race"), repeated::explain);
  }

  @Test
  void pickHoldsForItsWorkersAndAccuracyOnly() {
    Wisdom wisdom = new Wisdom();
    ConvOptions options = ConvOptions.defaults().withWisdom(wisdom);
    wisdom.remember(SHAPE, options, Algorithm.IM2COL);
    assertEquals(Algorithm.IM2COL, ConvPlan.of(SHAPE, options).algorithm());
    assertTrue(wisdom.pick(SHAPE, options.withAccuracy(Accuracy.STRICT)).isEmpty());
    assertTrue(wisdom.pick(SHAPE.batch(2), options).isEmpty());
    try (Workers others = Workers.of(options.workers().size() + 1)) {
      assertTrue(wisdom.pick(SHAPE, options.withWorkers(others)).isEmpty());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello | first line",
        "# lanewise wisdom 1;nonsense | line 2: a pick is",
        "# lanewise wisdom 1;;lanes=16 workers=1 accuracy=default ic16ih6oc16kh3 magic | line 3:"
            + " unknown algorithm 'magic'",
        "# lanewise wisdom 1;lanes=16 workers=1 accuracy=default ic16oc16kh3 direct | line 2",
      })
  void damagedFileIsRefusedWithItsLine(String text, String part) throws IOException {
    Path file = folder.resolve("damaged.txt");
    Files.writeString(file, text.replace(';', '\n'));
    String message = assertThrows(IOException.class, () -> Wisdom.load(file)).getMessage();
    assertTrue(message.contains(part) && message.contains("damaged.txt"), message);
  }
}
