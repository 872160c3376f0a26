package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.io.Safetensors;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifyTest extends CommandTest {

  @TempDir private Path folder;

  /** A bundled digit written with dark ink on a large bright page, away from its middle. */
  private Path page(SampleDigits.Digit digit, String format) throws IOException {
    BufferedImage ink = new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < digit.grey().length; i++) {
      int paper = 240 - (digit.grey()[i] & 0xff) * 200 / 255;
      ink.setRGB(i % 28, i / 28, new Color(paper, paper, paper).getRGB());
    }
    BufferedImage page = new BufferedImage(900, 700, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = page.createGraphics();
    graphics.setColor(new Color(240, 240, 240));
    graphics.fillRect(0, 0, 900, 700);
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(ink, 500, 250, 280, 280, null);
    graphics.dispose();
    Path file = folder.resolve("digit-%d.%s".formatted(digit.index(), format));
    ImageIO.write(page, format, file.toFile());
    return file;
  }

  @Test
  void digitsOnPaperAreRead() throws IOException {
    for (SampleDigits.Digit digit : SampleDigits.load()) {
      Path file = page(digit, digit.index() % 2 == 0 ? "png" : "jpg");
      assertEquals(0, run("classify", "lenet5", file.toString()), this::err);
      assertTrue(out().contains(file + ": " + digit.label() + " "), this::out);
    }
  }

  @Test
  void modelMayBeLeftOutAndSeveralImagesGiven() throws IOException {
    String first = page(SampleDigits.load().get(0), "png").toString();
    String second = page(SampleDigits.load().get(1), "png").toString();
    assertEquals(0, run("classify", first, second), this::err);
    assertTrue(out().contains(first) && out().contains(second), this::out);
  }

  @Test
  void missingImageFailsInOneLine() {
    assertEquals(1, run("classify", "lenet5", "no-such.png"));
    assertEquals("lanewise: no such file: no-such.png", err().strip());
  }

  @Test
  void fileThatIsNoImageFailsInOneLine() throws IOException {
    Path file = Files.writeString(folder.resolve("letter.png"), "Dear reader");
    assertEquals(1, run("classify", "lenet5", file.toString()));
    assertTrue(err().startsWith("lanewise: " + file + " is not an image"), this::err);
    assertEquals(1, err().lines().count(), this::err);
  }

  @Test
  void weightsThatAreNotFiniteFailInOneLine() throws IOException {
    Path weights = folder.resolve("nan.safetensors");
    Safetensors.save(weights, Map.of("conv1.bias", Tensor.of(new float[] {1, Float.NaN}, 2)));
    String image = page(SampleDigits.load().get(0), "png").toString();
    assertEquals(1, run("classify", image, "--weights", weights.toString()));
    assertEquals(
        "lanewise: %s: weights must be finite, tensor conv1.bias holds NaN".formatted(weights),
        err().strip());
  }

  @Test
  void unknownModelIsBadUsageAndTheKnownOnesAreNamed() throws IOException {
    String file = page(SampleDigits.load().get(0), "png").toString();
    assertEquals(2, run("classify", "lenet6", file));
    assertTrue(
        err().contains("'lenet6' is neither a file nor a model; the models are: "), this::err);
  }

  @Test
  void missingImageArgumentIsBadUsage() {
    assertEquals(2, run("classify"));
    assertEquals(2, run("classify", "lenet5"));
    assertTrue(err().contains("IMAGE"), this::err);
  }
}
