package dev.lanewise.nn.op;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.planar.PlanarConvolution;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;

/**
 * A {@link Convolution} of planar data to so few channels that it is computed on planes, with the
 * activation that follows it.
 */
public final class PlaneConvolution extends Operation {

  private record Problem(ConvShape shape, Activation activation) {}

  private final PlanarConvolution plan;
  private final Activation activation;

  private PlaneConvolution(
      PlanarConvolution plan,
      Activation activation,
      Context context,
      Tensor x,
      Tensor weight,
      Tensor bias) {
    super(context, x, weight, bias);
    this.plan = plan;
    this.activation = activation;
  }

  /** Whether a convolution of an input and an activation can be computed so. */
  public static boolean pays(Tensor input, ConvShape shape, Activation activation) {
    return input.layout() == Layout.NCHW
        && !input.requiresGrad()
        && !Activations.needsInput(activation)
        && PlanarConvolution.computes(shape);
  }

  /**
   * Convolves and applies the activation.
   *
   * @param input row-major, {@code shape.inputDims()}
   * @param weight {@code shape.filterDims()}, row-major
   * @param bias {@code [outChannels]}, or null for none
   * @return {@code shape.outputDims()}, in layout NCHW16C
   * @throws IllegalArgumentException if a shape does not fit or it does not {@link #pays pay}
   */
  public static Tensor apply(
      Tensor input,
      Tensor weight,
      Tensor bias,
      ConvShape shape,
      Activation activation,
      Context context) {
    input.requireShape("convolution input", shape.inputDims());
    PlanarConvolution plan =
        context.plan(
            new Problem(shape, activation),
            problem -> new PlanarConvolution(problem.shape, activation, context.workers()));
    float[] out = context.buffer(plan.outputLength());
    plan.run(input.data(), weight.data(), bias == null ? null : bias.data(), out);
    return new PlaneConvolution(plan, activation, context, input, weight, bias)
        .output(Layout.NCHW16C, out, shape.outputDims());
  }

  @Override
  protected boolean keepsInput(int index) {
    return index == 0;
  }

  @Override
  protected boolean keepsOutput() {
    return !(activation instanceof Activation.Identity);
  }

  @Override
  protected void backward(Tensor y) {
    float[] dBias = new float[y.dim(1)];
    float[] kept = keepsOutput() ? y.data() : y.grad();
    gradientAnyway(1, dWeight -> plan.backward(input(0).data(), kept, y.grad(), dWeight, dBias));
    gradient(2, d -> System.arraycopy(dBias, 0, d, 0, d.length));
  }
}
