package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.SpectralPool;
import java.util.Arrays;

/**
 * Spectral pooling (Rippel, Snoek and Adams 2015): keeps the lowest frequencies of each channel,
 * and with them more of an image than a maximum of the same size.
 */
public final class FrequencyPool implements Layer {

  private final int[] size;

  /** Pools to a size: one number for all spatial dimensions, or one for each. */
  public FrequencyPool(int... size) {
    this.size = size.clone();
    Check.that(size.length >= 1, "spectral pooling needs an output size");
    Arrays.stream(size).forEach(pixels -> Check.positive("output size", pixels));
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    int[] output = outputShape(input.shape());
    return SpectralPool.apply(input, context, Arrays.copyOfRange(output, 2, output.length));
  }

  @Override
  public int[] outputShape(int... inputShape) {
    int dimensions = inputShape.length - 2;
    Check.that(
        dimensions >= 1 && dimensions <= 3 && (size.length == 1 || size.length == dimensions),
        "spectral pooling to %s needs an input [n, c, %s], got %s",
        Arrays.toString(size),
        size.length == 1 ? "spatial..." : size.length + " spatial dimensions",
        Tensor.text(inputShape));
    int[] output = inputShape.clone();
    for (int i = 0; i < dimensions; i++) {
      output[i + 2] = size[size.length == 1 ? 0 : i];
      Check.that(
          output[i + 2] <= inputShape[i + 2],
          "spectral pooling to %s makes nothing larger, got %s",
          Arrays.toString(size),
          Tensor.text(inputShape));
    }
    return output;
  }

  /** Every frequency is made of the whole image. */
  @Override
  public boolean seesAll() {
    return true;
  }
}
