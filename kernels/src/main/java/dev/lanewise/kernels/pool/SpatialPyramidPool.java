package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Spare;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;
import java.util.List;

/**
 * Spatial pyramid pooling (He et al. 2014): adaptive poolings of several sizes, flattened and
 * concatenated, so that images of any size give as many features.
 *
 * <p>A row of features holds, level by level, {@code [channels][windows...]}. A plan is immutable
 * and safe for concurrent callers; its runs allocate nothing.
 */
public final class SpatialPyramidPool {

  private final int batch;
  private final int channels;
  private final int features;
  private final int inputLength;
  private final List<PoolPlan> levels;
  private final Spare<Buffers> buffers;

  /** The result and the gradient of each level, and the gradient of the input for one of them. */
  @SuppressWarnings("ArrayRecordComponent") // memory of a call; never compared
  private record Buffers(float[][] outputs, float[][] gradOutputs, float[] gradInput) {}

  private SpatialPyramidPool(List<PoolPlan> levels) {
    this.levels = levels;
    batch = levels.getFirst().inputDims()[0];
    channels = levels.getFirst().inputDims()[1];
    inputLength = levels.getFirst().inputLength();
    features = levels.stream().mapToInt(SpatialPyramidPool::features).sum();
    buffers = new Spare<>(this::newBuffers);
  }

  private static int features(PoolPlan level) {
    int[] dims = level.outputDims();
    return dims[1] * PoolIndices.pixels(dims);
  }

  private Buffers newBuffers() {
    return new Buffers(outputs(), outputs(), new float[inputLength]);
  }

  private float[][] outputs() {
    return levels.stream().map(level -> new float[level.outputLength()]).toArray(float[][]::new);
  }

  /**
   * A pyramid of maxima.
   *
   * @param inputDims {@code [batch, channels, spatial...]}
   * @param levels windows along each spatial dimension, level by level, such as 1, 2, 4
   * @throws IllegalArgumentException if there is no level or a dimension is out of range
   */
  public static SpatialPyramidPool max(int[] inputDims, int[] levels, Workers workers) {
    return of(inputDims, levels, size -> PoolPlan.adaptiveMax(inputDims, size, workers));
  }

  /** A pyramid of means, otherwise like {@link #max}. */
  public static SpatialPyramidPool average(int[] inputDims, int[] levels, Workers workers) {
    return of(inputDims, levels, size -> PoolPlan.adaptiveAverage(inputDims, size, workers));
  }

  private interface Level {
    PoolPlan plan(int[] size);
  }

  private static SpatialPyramidPool of(int[] inputDims, int[] levels, Level level) {
    Check.that(levels.length > 0, "a pyramid has at least one level");
    Check.that(inputDims.length >= 3, "a pooled input has at least 3 dimensions");
    return new SpatialPyramidPool(
        Arrays.stream(levels)
            .mapToObj(
                windows -> {
                  int[] size = new int[inputDims.length - 2];
                  Arrays.fill(size, windows);
                  return level.plan(size);
                })
            .toList());
  }

  /** Features of an image. */
  public int features() {
    return features;
  }

  /**
   * Pools.
   *
   * @param x NCHW16C
   * @param y {@code [batch][features]}, overwritten
   * @throws IllegalArgumentException if a length is wrong
   */
  public void run(float[] x, float[] y) {
    Check.length("x", x, inputLength);
    Check.length("y", y, batch * features);
    if (batch == 0) {
      return;
    }
    Buffers memory = buffers.take();
    int at = 0;
    for (int i = 0; i < levels.size(); i++) {
      float[] output = memory.outputs[i];
      levels.get(i).run(x, output);
      int windows = windows(output);
      for (int n = 0; n < batch; n++) {
        for (int f = 0; f < channels * windows; f++) {
          y[n * features + at + f] = output[blocked(n, f / windows, f % windows, windows)];
        }
      }
      at += channels * windows;
    }
    buffers.give(memory);
  }

  /**
   * Carries a gradient back through a run.
   *
   * @param x of the run
   * @param dy gradient of y
   * @param dx gradient of x, overwritten
   * @throws IllegalArgumentException if a length is wrong or {@code dx} is {@code x}
   */
  public void backward(float[] x, float[] dy, float[] dx) {
    Check.length("x", x, inputLength);
    Check.length("dy", dy, batch * features);
    Check.length("dx", dx, inputLength);
    Check.distinct("dx", dx, "x", x);
    if (batch == 0) {
      return;
    }
    Buffers memory = buffers.take();
    Arrays.fill(dx, 0);
    int at = 0;
    for (int i = 0; i < levels.size(); i++) {
      PoolPlan level = levels.get(i);
      float[] gradOutput = memory.gradOutputs[i];
      int windows = windows(gradOutput);
      for (int n = 0; n < batch; n++) {
        for (int f = 0; f < channels * windows; f++) {
          gradOutput[blocked(n, f / windows, f % windows, windows)] = dy[n * features + at + f];
        }
      }
      level.run(x, memory.outputs[i]);
      level.backward(x, memory.outputs[i], gradOutput, memory.gradInput);
      for (int j = 0; j < dx.length; j++) {
        dx[j] += memory.gradInput[j];
      }
      at += channels * windows;
    }
    buffers.give(memory);
  }

  /** Windows of a level, from the length of its output. */
  private int windows(float[] output) {
    return output.length / (batch * Layout.blocks(channels) * Layout.BLOCK);
  }

  private int blocked(int image, int channel, int window, int windows) {
    int block = image * Layout.blocks(channels) + channel / Layout.BLOCK;
    return (block * windows + window) * Layout.BLOCK + channel % Layout.BLOCK;
  }
}
