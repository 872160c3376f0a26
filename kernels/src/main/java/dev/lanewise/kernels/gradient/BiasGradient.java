package dev.lanewise.kernels.gradient;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.Blocks;

/**
 * Gradient by bias: the sum of the output's gradient over images and pixels, an image at a time. A
 * worker sums whole channel blocks, so the order does not depend on their number.
 */
final class BiasGradient implements Task {

  private static final int BLOCK = Layout.BLOCK;

  private final int batch;
  private final int blocks;
  private final int channels;
  private final int pixels;
  private float[] gradOutput;
  private float[] gradBias;

  BiasGradient(ConvShape shape) {
    batch = shape.batch();
    channels = shape.outChannels();
    blocks = Layout.blocks(channels);
    pixels = shape.outputPixels();
  }

  void run(float[] gradient, float[] result, Workers workers) {
    gradOutput = gradient;
    gradBias = result;
    try {
      workers.run(this);
    } finally {
      gradOutput = null;
      gradBias = null;
    }
  }

  @Override
  public void run(int worker, int workers, Scratch scratch) {
    float[] sums = scratch.floats(BLOCK);
    int end = Workers.start(blocks, worker + 1, workers);
    for (int block = Workers.start(blocks, worker, workers); block < end; block++) {
      for (int image = 0; image < batch; image++) {
        int from = (image * blocks + block) * pixels * BLOCK;
        Blocks.sum(gradOutput, from, pixels, sums, 0, image > 0);
      }
      int lanes = Math.min(BLOCK, channels - block * BLOCK);
      System.arraycopy(sums, 0, gradBias, block * BLOCK, lanes);
    }
  }
}
