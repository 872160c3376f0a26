package dev.lanewise.kernels.planar;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.Lanes;
import java.util.Arrays;

/**
 * The gradients by filter and bias of a {@link PlanarConvolution}: those of a few images first,
 * then their sums. The bias counts as a term that is one everywhere.
 */
final class GradientTask implements Task {

  private static final int BLOCK = Layout.BLOCK;

  /** Images of a part: what their sums cost beside them, once a part, is little then. */
  private static final int IMAGES = 8;

  private final int batch;
  private final int parts;
  private final int outChannels;
  private final int terms;
  private final Planes planes;
  private final int threes;

  /** The terms, the bias, and the bias again up to a multiple of five. */
  private final int[] offsets;

  private Activation activation;
  private float[] x;
  private float[] y;
  private float[] dy;
  private float[] dFilter;
  private float[] dBias;

  /** {@code [part][three][five][3][5]}. */
  private float[] ofParts;

  private int stage;

  GradientTask(ConvShape shape, Planes planes) {
    this.planes = planes;
    batch = shape.batch();
    parts = Math.ceilDiv(batch, IMAGES);
    outChannels = shape.outChannels();
    terms = shape.terms();
    threes = Math.ceilDiv(outChannels, ScalarPlanes.CHANNELS);
    int fives = Math.ceilDiv(terms + 1, ScalarPlanes.TERMS);
    offsets = Arrays.copyOf(planes.offsets, fives * ScalarPlanes.TERMS);
    Arrays.fill(offsets, terms, offsets.length, planes.inFloats);
  }

  void run(
      float[] input,
      Activation function,
      float[] output,
      float[] gradient,
      float[] filterGradient,
      float[] biasGradient,
      Workers workers) {
    x = input;
    activation = function;
    y = output;
    dy = gradient;
    dFilter = filterGradient;
    dBias = biasGradient;
    try {
      workers.run(this);
    } finally {
      x = null;
      y = null;
      dy = null;
      dFilter = null;
      dBias = null;
      ofParts = null;
    }
  }

  /** Sums of one part. */
  private int sums() {
    return threes * ScalarPlanes.CHANNELS * offsets.length;
  }

  @Override
  public int stages(int workers) {
    return 2;
  }

  @Override
  public void begin(int next, int workers, Scratch common) {
    stage = next;
    ofParts = common.floats(parts * sums());
  }

  @Override
  public void run(int worker, int workers, Scratch scratch) {
    if (stage == 0) {
      int end = Workers.start(parts, worker + 1, workers);
      for (int part = Workers.start(parts, worker, workers); part < end; part++) {
        sum(part, scratch);
      }
    } else if (worker == 0) {
      collect();
    }
  }

  private void sum(int part, Scratch scratch) {
    int in = threes * ScalarPlanes.CHANNELS * planes.outPlane;
    int ones = in + planes.inFloats;
    int lanes = ones + planes.outPlane;
    int end = lanes + sums() * BLOCK;
    float[] memory = scratch.floats(end);
    // Columns that are none of the output's, and channels up to a multiple of three, stay zero.
    Arrays.fill(memory, 0, in, 0f);
    Arrays.fill(memory, ones, lanes, 1f);
    Arrays.fill(memory, lanes, end, 0f);
    int endImage = Math.min(batch, (part + 1) * IMAGES);
    for (int image = part * IMAGES; image < endImage; image++) {
      for (int row = 0; row < planes.rows(); row++) {
        int from = planes.place(image, row);
        Activations.backward(activation, y, dy, dy, from, from + planes.outRow());
        planes.gather(dy, image, row, memory, 0);
      }
      planes.load(x, image, memory, in);
      add(memory, in, lanes);
    }
    for (int i = 0; i < sums(); i++) {
      ofParts[part * sums() + i] = total(memory, lanes + i * BLOCK);
    }
  }

  /** Adds an image's gradients, in 16 lanes each. */
  private void add(float[] memory, int in, int lanes) {
    int length = planes.outPlane;
    int to = lanes;
    for (int three = 0; three < threes; three++) {
      int grad = three * ScalarPlanes.CHANNELS * length;
      for (int term = 0; term < offsets.length; term += ScalarPlanes.TERMS) {
        if (Lanes.vectorised()) {
          VectorPlanes.gradient(memory, in, offsets, term, memory, grad, length, memory, to);
        } else {
          ScalarPlanes.gradient(memory, in, offsets, term, memory, grad, length, memory, to);
        }
        to += ScalarPlanes.CHANNELS * ScalarPlanes.TERMS * BLOCK;
      }
    }
  }

  private static float total(float[] values, int from) {
    float sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += values[from + i];
    }
    return sum;
  }

  private void collect() {
    for (int part = 1; part < parts; part++) {
      for (int i = 0; i < sums(); i++) {
        ofParts[i] += ofParts[part * sums() + i];
      }
    }
    for (int c = 0; c < outChannels; c++) {
      for (int t = 0; t < terms; t++) {
        dFilter[c * terms + t] = ofParts[place(c, t)];
      }
      dBias[c] = ofParts[place(c, terms)];
    }
  }

  /** Where the sum of a channel and a term lies. */
  private int place(int channel, int term) {
    int fives = offsets.length / ScalarPlanes.TERMS;
    int tile = channel / ScalarPlanes.CHANNELS * fives + term / ScalarPlanes.TERMS;
    int row = tile * ScalarPlanes.CHANNELS + channel % ScalarPlanes.CHANNELS;
    return row * ScalarPlanes.TERMS + term % ScalarPlanes.TERMS;
  }
}
