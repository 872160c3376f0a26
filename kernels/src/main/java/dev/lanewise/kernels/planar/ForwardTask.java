package dev.lanewise.kernels.planar;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.Lanes;

/** The output of a {@link PlanarConvolution}, image by image. */
final class ForwardTask implements Task {

  private final int batch;
  private final int outChannels;
  private final Planes planes;
  private final Activation activation;

  /** Output channels by threes. */
  private final int threes;

  /** {@code [three][term][3]}, and the biases after the terms. */
  private final float[] packed;

  private float[] x;
  private float[] y;

  ForwardTask(ConvShape shape, Planes planes, Activation activation) {
    this.planes = planes;
    this.activation = activation;
    batch = shape.batch();
    outChannels = shape.outChannels();
    threes = Math.ceilDiv(outChannels, ScalarPlanes.CHANNELS);
    packed = new float[threes * packedFloats()];
  }

  private int packedFloats() {
    return (planes.offsets.length + 1) * ScalarPlanes.CHANNELS;
  }

  void run(float[] input, float[] filter, float[] bias, float[] output, Workers workers) {
    pack(filter, bias);
    x = input;
    y = output;
    try {
      workers.run(this);
    } finally {
      x = null;
      y = null;
    }
  }

  private void pack(float[] filter, float[] bias) {
    int terms = planes.offsets.length;
    for (int c = 0; c < outChannels; c++) {
      int to = c / ScalarPlanes.CHANNELS * packedFloats() + c % ScalarPlanes.CHANNELS;
      for (int t = 0; t < terms; t++) {
        packed[to + t * ScalarPlanes.CHANNELS] = filter[c * terms + t];
      }
      packed[to + terms * ScalarPlanes.CHANNELS] = bias == null ? 0 : bias[c];
    }
  }

  @Override
  public void run(int worker, int workers, Scratch scratch) {
    int sums = threes * ScalarPlanes.CHANNELS * planes.outPlane;
    float[] memory = scratch.floats(sums + planes.inFloats);
    int end = Workers.start(batch, worker + 1, workers);
    for (int image = Workers.start(batch, worker, workers); image < end; image++) {
      planes.load(x, image, memory, sums);
      for (int three = 0; three < threes; three++) {
        int to = three * ScalarPlanes.CHANNELS * planes.outPlane;
        if (Lanes.vectorised()) {
          VectorPlanes.sums(
              memory,
              sums,
              planes.offsets,
              packed,
              three * packedFloats(),
              memory,
              to,
              planes.outPlane);
        } else {
          ScalarPlanes.sums(
              memory,
              sums,
              planes.offsets,
              packed,
              three * packedFloats(),
              memory,
              to,
              planes.outPlane);
        }
      }
      Activations.apply(activation, memory, 0, outChannels * planes.outPlane);
      planes.store(memory, 0, y, image);
    }
  }
}
