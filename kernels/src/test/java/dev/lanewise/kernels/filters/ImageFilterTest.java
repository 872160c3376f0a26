package dev.lanewise.kernels.filters;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageFilterTest {

  @ParameterizedTest
  @EnumSource(ImageFilter.class)
  void blursAndSharpeningKeepBrightnessAndDerivativesRemoveIt(ImageFilter filter) {
    float sum = 0;
    for (float weight : filter.weights()) {
      sum += weight;
    }
    assertEquals(filter.size() * filter.size(), filter.weights().length);
    switch (filter) {
      case SOBEL_X, SOBEL_Y, LAPLACIAN, LAPLACIAN_DIAGONAL -> assertEquals(0, sum);
      default -> assertEquals(1, sum, 1e-6);
    }
  }

  @Test
  void sobelAnswersToTheEdgeThatItLooksFor() {
    float[] edge = new float[2 * 25];
    for (int i = 0; i < edge.length; i++) {
      edge[i] = i % 5 >= 2 ? 1 : 0;
    }
    ConvShape shape = ImageFilter.SOBEL_X.shape(1, 2, 5, 5);
    float[] across = apply(shape, ImageFilter.SOBEL_X, edge);
    assertArrayEquals(new float[] {0, 4, 4, 0, -4}, row(across, 2));
    assertArrayEquals(new float[] {0, 0, 0, 0, 0}, row(apply(shape, ImageFilter.SOBEL_Y, edge), 2));
  }

  private static float[] row(float[] image, int row) {
    return Arrays.copyOfRange(image, row * 5, row * 5 + 5);
  }

  private static float[] apply(ConvShape shape, ImageFilter filter, float[] image) {
    ConvPlan plan = ConvPlan.of(shape);
    float[] output = new float[plan.outputLength()];
    plan.run(
        Reorder.to(shape.inputDims(), Layout.NCHW, image, Layout.NCHW16C),
        plan.pack(filter.depthwise(shape.inChannels()), null),
        output);
    return Reorder.to(shape.outputDims(), Layout.NCHW16C, output, Layout.NCHW);
  }
}
