package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.simd.Lanes;

/**
 * The generated data transforms, on lanes where the machine has them.
 *
 * <p>Each transforms {@code count} columns of blocks of 16 floats: element {@code e} of column
 * {@code i} lies at {@code from + i * fromStep + e * fromStride}, and its results likewise.
 */
final class Transforms {

  private Transforms() {}

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
