package dev.lanewise.bench.peer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.Models;
import dev.lanewise.nn.layer.LayerInfo;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.verify.check.Data;

/**
 * A network in use, on images of its usual size.
 *
 * @param model the registry's name
 * @param batch images
 * @param threads threads that may compute it
 */
public record Inference(String model, int batch, int threads) implements Job {

  private static final long SEED = 1;

  /** Rounding adds up from layer to layer, and transforms round more than sums do. */
  private static final double TOLERANCE = 1e-3;

  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public Inference {
    Check.positive("batch", batch);
    Check.positive("threads", threads);
  }

  /** The network with the same starting values at each call. */
  public Network network() {
    return Models.create(model).initialize(SEED);
  }

  /** Dimensions of the images, {@code [batch, channels, height, width]}. */
  public int[] inputDims() {
    return Models.create(model).batchShape(batch);
  }

  /** The images, NCHW, uniform in [-1, 1). */
  public float[] images() {
    return new Data(SEED).reals(Check.elements("images", inputDims()));
  }

  @Override
  public Peer.Prepared on(Peer peer) {
    return peer.infer(this);
  }

  @Override
  public double flops() {
    return 2.0
        * LayerInfo.of(network(), inputDims()).stream().mapToLong(LayerInfo::multiplyAdds).sum();
  }

  @Override
  public double bytes() {
    Network network = network();
    return (double) Float.BYTES
        * (network.parameterCount() + Check.elements("images", inputDims()));
  }

  @Override
  public double tolerance() {
    return TOLERANCE;
  }
}
