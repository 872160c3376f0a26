package dev.lanewise.kernels.planar;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;

/**
 * How the planes of one image lie in memory: those of the input with their padding, and those of
 * the output with rows of the same pitch, so that a term of the sums is at one distance from all
 * pixels. Rows of output planes end in columns that are none of the output's.
 */
final class Planes {

  private static final int BLOCK = Layout.BLOCK;

  private final Axis height;
  private final Axis width;
  private final int inChannels;
  private final int outChannels;
  private final int rows;
  private final int columns;
  private final int pitch;
  private final int plane;

  /** Where each term of the filter is, from a pixel. */
  final int[] offsets;

  /** Floats of an output plane: whole strips. */
  final int outPlane;

  /** Floats of the input's planes, and zeros behind them which the last strip may reach. */
  final int inFloats;

  Planes(ConvShape shape) {
    height = shape.axes().getFirst();
    width = shape.axes().getLast();
    inChannels = shape.inChannels();
    outChannels = shape.outChannels();
    rows = height.output();
    columns = width.output();
    pitch = width.padded();
    plane = height.padded() * pitch;
    offsets = new int[shape.terms()];
    int taps = shape.kernelTaps();
    for (int term = 0; term < offsets.length; term++) {
      int tap = term % taps;
      offsets[term] = term / taps * plane + tap / width.kernel() * pitch + tap % width.kernel();
    }
    int pixels = (rows - 1) * pitch + columns;
    outPlane = Math.ceilDiv(pixels, ScalarPlanes.STRIP) * ScalarPlanes.STRIP;
    inFloats = offsets[offsets.length - 1] + outPlane;
  }

  /** Floats of an image in layout NCHW. */
  private int inImage() {
    return inChannels * height.input() * width.input();
  }

  /** Rows of the output. */
  int rows() {
    return rows;
  }

  /** Floats of an output row, whose channels fill part of a block. */
  int outRow() {
    return columns * BLOCK;
  }

  /** Where an output row begins. */
  int place(int image, int row) {
    return (image * rows + row) * outRow();
  }

  /** Lays out the planes of an input image with their padding. */
  void load(float[] x, int image, float[] planes, int to) {
    Arrays.fill(planes, to, to + inFloats, 0f);
    for (int c = 0; c < inChannels; c++) {
      for (int row = 0; row < height.input(); row++) {
        System.arraycopy(
            x,
            image * inImage() + (c * height.input() + row) * width.input(),
            planes,
            to + c * plane + (height.padBefore() + row) * pitch + width.padBefore(),
            width.input());
      }
    }
  }

  /** Copies output planes to an image of blocks of channels; the lanes without any become zero. */
  void store(float[] planes, int from, float[] y, int image) {
    for (int row = 0; row < rows; row++) {
      int to = place(image, row);
      Arrays.fill(y, to, to + outRow(), 0f);
      for (int c = 0; c < outChannels; c++) {
        scatter(planes, from + c * outPlane + row * pitch, columns, y, to + c);
      }
    }
  }

  /** Copies one row of an image of blocks of channels to output planes. */
  void gather(float[] y, int image, int row, float[] planes, int to) {
    int from = place(image, row);
    for (int c = 0; c < outChannels; c++) {
      collect(y, from + c, columns, planes, to + c * outPlane + row * pitch);
    }
  }

  private static void scatter(float[] row, int from, int count, float[] lanes, int to) {
    for (int i = 0; i < count; i++) {
      lanes[to + i * BLOCK] = row[from + i];
    }
  }

  private static void collect(float[] lanes, int from, int count, float[] row, int to) {
    for (int i = 0; i < count; i++) {
      row[to + i] = lanes[from + i * BLOCK];
    }
  }
}
