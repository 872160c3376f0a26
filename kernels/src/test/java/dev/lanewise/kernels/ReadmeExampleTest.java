package dev.lanewise.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.shape.ConvShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Runs the Java example of README.md, and holds README.md to it word for word. */
class ReadmeExampleTest {

  private static final Path README = Path.of("../README.md");
  private static final Path SOURCE =
      Path.of("src/test/java/dev/lanewise/kernels/ReadmeExampleTest.java");

  private static float[] convolve(float[] image, float[] weights, float[] bias) {
    // The example begins.
    ConvShape shape = ConvShape.conv2d(1, 64, 56, 56, 128, 3, 3).padding(1);
    ConvPlan plan = ConvPlan.of(shape);
    PackedFilter filter = plan.pack(weights, bias);

    float[] input = Reorder.to(shape.inputDims(), Layout.NCHW, image, Layout.NCHW16C);
    float[] output = new float[plan.outputLength()];
    plan.run(input, filter, output);
    float[] result = Reorder.to(shape.outputDims(), Layout.NCHW16C, output, Layout.NCHW);
    // The example ends.
    return result;
  }

  @Test
  void exampleComputesTheConvolution() {
    float[] image = new float[64 * 56 * 56];
    float[] weights = new float[128 * 64 * 3 * 3];
    float[] bias = new float[128];
    Arrays.fill(image, 1);
    Arrays.fill(weights, 1);
    Arrays.fill(bias, 0.5f);

    float[] result = convolve(image, weights, bias);

    float corner = 64 * 4 + 0.5f;
    float edge = 64 * 6 + 0.5f;
    float inside = 64 * 9 + 0.5f;
    float[] border = new float[56];
    Arrays.fill(border, edge);
    border[0] = corner;
    border[55] = corner;
    float[] middle = new float[56];
    Arrays.fill(middle, inside);
    middle[0] = edge;
    middle[55] = edge;
    for (int row = 0; row < 128 * 56; row++) {
      float[] expected = row % 56 == 0 || row % 56 == 55 ? border : middle;
      assertArrayEquals(expected, Arrays.copyOfRange(result, row * 56, (row + 1) * 56));
    }
  }

  @Test
  void readmeShowsTheSameLines() throws IOException {
    String example =
        Files.readString(SOURCE)
            .lines()
            .dropWhile(line -> !line.strip().equals("// The example begins."))
            .skip(1)
            .takeWhile(line -> !line.strip().equals("// The example ends."))
            .collect(Collectors.joining("\n"))
            .stripIndent();
    String readme = Files.readString(README);
    assertTrue(
        readme.contains("```java\n" + example + "\n```\n"),
        () -> "README.md must show these lines:\n" + example);
  }
}
