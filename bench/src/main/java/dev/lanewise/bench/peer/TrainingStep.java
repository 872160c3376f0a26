package dev.lanewise.bench.peer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.Models;
import dev.lanewise.nn.layer.LayerInfo;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.verify.check.Data;

/**
 * A full step of a training: forward, mean cross-entropy, backward, and the update by SGD with
 * momentum, on one batch that is used again and again.
 *
 * @param model the registry's name
 * @param batch images
 * @param size height and width of an image
 * @param threads threads that may compute it
 */
public record TrainingStep(String model, int batch, int size, int threads) implements Job {

  /**
   * So small that losses can be compared: at 1e-4, weights of mobilenet_v2 that differ by a
   * relative 1e-7 come to third losses 2.7e-3 apart, at 1e-5 to 1.5e-5, while the loss falls by
   * 6e-2.
   */
  public static final float RATE = 1e-5f;

  public static final float MOMENTUM = 0.9f;

  private static final long SEED = 1;

  /** Forward, by data, by filter. */
  private static final int PASSES = 3;

  /** A weight, its gradient and its velocity are read and written. */
  private static final int UPDATE_PASSES = 6;

  /**
   * Validates the sizes.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public TrainingStep {
    Check.positive("batch", batch);
    Check.positive("size", size);
    Check.positive("threads", threads);
  }

  /** The network without dropout, with the same starting values at each call. */
  public Network network() {
    return Models.create(model, Models.options(model).size(size, size).withoutDropping())
        .initialize(SEED);
  }

  /** The images, NCHW, uniform in [-1, 1). */
  public float[] images() {
    return new Data(SEED).reals(Check.elements("images", network().batchShape(batch)));
  }

  /** The right class of each image. */
  public int[] labels() {
    int[] labels = new int[batch];
    int classes = Models.options(model).classes();
    for (int i = 0; i < batch; i++) {
      labels[i] = i * 7 % classes;
    }
    return labels;
  }

  @Override
  public Peer.Prepared on(Peer peer) {
    return peer.train(this);
  }

  @Override
  public double flops() {
    Network network = network();
    return 2.0
        * PASSES
        * LayerInfo.of(network, network.batchShape(batch)).stream()
            .mapToLong(LayerInfo::multiplyAdds)
            .sum();
  }

  @Override
  public double bytes() {
    return (double) Float.BYTES * UPDATE_PASSES * network().parameterCount();
  }
}
