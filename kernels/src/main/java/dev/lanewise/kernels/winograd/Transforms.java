package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.WarmUp;

/**
 * The generated data transforms, on lanes where the machine has them.
 *
 * <p>Each transforms {@code count} columns of blocks of 16 floats: element {@code e} of column
 * {@code i} lies at {@code from + i * fromStep + e * fromStride}, and its results likewise.
 */
final class Transforms {

  private static final int BLOCK = Tiling.BLOCK;

  /** More than a call for a tile takes once it is compiled, and far less than before. */
  private static final long COMPILED_NANOS = 3_000;

  private Transforms() {}

  /**
   * Calls the transforms of an axis until they are compiled.
   *
   * @param column what {@link Tiling#columnFloats()} is
   */
  static void warmUp(AxisTransform transform, int column) {
    if (transform.isTrivial() || !Lanes.vectorised()) {
      return;
    }
    int n = transform.products();
    int row = n * BLOCK;
    float[] tile = new float[(n - 1) * (Math.max(column, BLOCK) + row) + BLOCK];
    float[] result = new float[tile.length];
    WarmUp.drive(
        () -> {
          input(transform, tile, 0, column, row, result, 0, BLOCK, row, n);
          input(transform, tile, 0, row, BLOCK, result, 0, row, BLOCK, n);
          output(transform, tile, 0, row, BLOCK, result, 0, row, BLOCK, n);
          outputBiased(transform, tile, 0, tile, 0, BLOCK, row, result, 0, column, row, n);
        },
        COMPILED_NANOS);
  }

  /** Calls the transforms of the filter's gradient until they are compiled. */
  static void warmUpGradient(AxisTransform transform, int column) {
    if (transform.isTrivial() || !Lanes.vectorised()) {
      return;
    }
    int n = transform.products();
    int row = n * BLOCK;
    float[] tile = new float[(n - 1) * (Math.max(column, BLOCK) + row) + BLOCK];
    float[] result = new float[tile.length];
    WarmUp.drive(
        () -> {
          input(transform, tile, 0, column, row, result, 0, BLOCK, row, n);
          input(transform, tile, 0, row, BLOCK, result, 0, row, BLOCK, n);
          gradient(transform, tile, 0, column, row, result, 0, BLOCK, row, n);
          gradient(transform, tile, 0, row, BLOCK, result, 0, row, BLOCK, n);
          filterGradient(transform, tile, 0, BLOCK, row, result, 0, BLOCK, row, n);
        },
        COMPILED_NANOS);
  }

  /** Windows of the input by {@code B^T}. */
  static void input(
      AxisTransform transform,
      float[] src,
      int from,
      int fromStride,
      int fromStep,
      float[] dst,
      int to,
      int toStride,
      int toStep,
      int count) {
    if (Lanes.vectorised()) {
      VectorTransforms.input(
          transform, src, from, fromStride, fromStep, dst, to, toStride, toStep, count);
    } else {
      ScalarTransforms.input(
          transform, src, from, fromStride, fromStep, dst, to, toStride, toStep, count);
    }
  }

  /** Products to outputs by {@code A^T}. */
  static void output(
      AxisTransform transform,
      float[] src,
      int from,
      int fromStride,
      int fromStep,
      float[] dst,
      int to,
      int toStride,
      int toStep,
      int count) {
    if (Lanes.vectorised()) {
      VectorTransforms.output(
          transform, src, from, fromStride, fromStep, dst, to, toStride, toStep, count);
    } else {
      ScalarTransforms.output(
          transform, src, from, fromStride, fromStep, dst, to, toStride, toStep, count);
    }
  }

  /** Gradients of outputs by {@code A}. */
  static void gradient(
      AxisTransform transform,
      float[] src,
      int from,
      int fromStride,
      int fromStep,
      float[] dst,
      int to,
      int toStride,
      int toStep,
      int count) {
    if (Lanes.vectorised()) {
      VectorTransforms.gradient(
          transform, src, from, fromStride, fromStep, dst, to, toStride, toStep, count);
    } else {
      ScalarTransforms.gradient(
          transform, src, from, fromStride, fromStep, dst, to, toStride, toStep, count);
    }
  }

  /** Gradients of products to those of the filter's taps by {@code G^T}. */
  static void filterGradient(
      AxisTransform transform,
      float[] src,
      int from,
      int fromStride,
      int fromStep,
      float[] dst,
      int to,
      int toStride,
      int toStep,
      int count) {
    if (Lanes.vectorised()) {
      VectorTransforms.filterGradient(
          transform, src, from, fromStride, fromStep, dst, to, toStride, toStep, count);
    } else {
      ScalarTransforms.filterGradient(
          transform, src, from, fromStride, fromStep, dst, to, toStride, toStep, count);
    }
  }

  /** Products to outputs by {@code A^T}, and adds the 16 floats at {@code biasFrom} to each. */
  static void outputBiased(
      AxisTransform transform,
      float[] bias,
      int biasFrom,
      float[] src,
      int from,
      int fromStride,
      int fromStep,
      float[] dst,
      int to,
      int toStride,
      int toStep,
      int count) {
    if (Lanes.vectorised()) {
      VectorTransforms.outputBiased(
          transform,
          bias,
          biasFrom,
          src,
          from,
          fromStride,
          fromStep,
          dst,
          to,
          toStride,
          toStep,
          count);
    } else {
      ScalarTransforms.outputBiased(
          transform,
          bias,
          biasFrom,
          src,
          from,
          fromStride,
          fromStep,
          dst,
          to,
          toStride,
          toStep,
          count);
    }
  }
}
