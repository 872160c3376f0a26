package dev.lanewise.nn.session;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.graph.Value;

/** Copies a value in row-major order, as callers hand it over, to or from its place. */
final class Planar implements Task {

  private static final int BLOCK = Layout.BLOCK;

  /** Pixels of a unit of work: 64 kB of 16 channels. */
  private static final int PIECE = 1024;

  private final int channels;
  private final int blocks;
  private final int pixels;
  private final int pieces;
  private final int units;
  private final Slice place;
  private final int image;
  private final int plane;
  private final Workers workers;
  private float[] planar;
  private boolean in;

  Planar(Value value, Slice place, Workers workers) {
    boolean features = value.rank() <= 2;
    int[] dims = Places.dims(value);
    int rows = features ? dims[2] : dims[0];
    int elements = length(value);
    channels = dims[1];
    blocks = Layout.blocks(channels);
    pixels = elements / (rows * channels);
    pieces = Math.ceilDiv(pixels, PIECE);
    units = rows * blocks * pieces;
    this.place = place;
    image = features ? BLOCK : place.imageStride();
    plane = BLOCK * (features ? rows : pixels);
    this.workers = workers;
  }

  /** Elements of a value. */
  static int length(Value value) {
    int length = 1;
    for (int axis = 0; axis < value.rank(); axis++) {
      length *= value.dim(axis);
    }
    return length;
  }

  /** Copies to the place; lanes without a channel become zero. */
  void write(float[] from) {
    copy(from, true);
  }

  /** Copies from the place. */
  void read(float[] to) {
    copy(to, false);
  }

  private void copy(float[] operand, boolean toPlace) {
    planar = operand;
    in = toPlace;
    workers.run(this);
    planar = null;
  }

  @Override
  public void run(int worker, int count, Scratch scratch) {
    int end = Workers.start(units, worker + 1, count);
    for (int unit = Workers.start(units, worker, count); unit < end; unit++) {
      int block = unit / pieces % blocks;
      int row = unit / pieces / blocks;
      int from = unit % pieces * PIECE;
      int to = Math.min(pixels, from + PIECE);
      int at = place.first() + row * image + block * plane;
      int lanes = Math.min(BLOCK, channels - block * BLOCK);
      int element = (row * channels + block * BLOCK) * pixels;
      if (in) {
        fill(at, lanes, element, from, to);
      } else {
        take(at, lanes, element, from, to);
      }
    }
  }

  private void fill(int at, int lanes, int element, int from, int to) {
    float[] data = place.data();
    for (int lane = 0; lane < BLOCK; lane++) {
      int start = at + lane;
      int source = element + lane * pixels;
      for (int p = from; p < to; p++) {
        data[start + p * BLOCK] = lane < lanes ? planar[source + p] : 0;
      }
    }
  }

  private void take(int at, int lanes, int element, int from, int to) {
    float[] data = place.data();
    for (int lane = 0; lane < lanes; lane++) {
      int start = at + lane;
      int target = element + lane * pixels;
      for (int p = from; p < to; p++) {
        planar[target + p] = data[start + p * BLOCK];
      }
    }
  }
}
