package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Upsample;
import dev.lanewise.nn.op.Upsample.Mode;

/**
 * Makes images larger by a whole factor: {@code [n, c, h, w]} to {@code [n, c, factor h, factor
 * w]}.
 *
 * @param factor how often each side is repeated
 * @param mode how values between pixels are found
 */
public record Upsampling(int factor, Mode mode) implements Layer {

  /** Validates the factor. */
  public Upsampling {
    Check.positive("factor", factor);
  }

  /** Repeats each pixel. */
  public static Upsampling nearest(int factor) {
    return new Upsampling(factor, Mode.NEAREST);
  }

  /** Interpolates between four pixels. */
  public static Upsampling bilinear(int factor) {
    return new Upsampling(factor, Mode.BILINEAR);
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    int[] shape = outputShape(input.shape());
    return Upsample.apply(input, shape[2], shape[3], mode, context);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    Check.that(
        inputShape.length == 4,
        "upsampling needs an input [n, c, h, w], got %s",
        Tensor.text(inputShape));
    return new int[] {
      inputShape[0],
      inputShape[1],
      Math.multiplyExact(factor, inputShape[2]),
      Math.multiplyExact(factor, inputShape[3])
    };
  }
}
