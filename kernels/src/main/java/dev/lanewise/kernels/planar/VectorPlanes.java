package dev.lanewise.kernels.planar;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums over planes: a vector holds neighbouring pixels, and a term of the filter is one of them
 * some way on. Loaded only where {@link Lanes#vectorised()} holds.
 */
final class VectorPlanes {

  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
  private static final int LANES = SPECIES.length();

  private VectorPlanes() {}

  /** What {@link ScalarPlanes#sums} says: three channels of four vectors at a time. */
  static void sums(
      float[] in,
      int base,
      int[] offsets,
      float[] filter,
      int weights,
      float[] out,
      int to,
      int length) {
    int terms = offsets.length;
    int biases = weights + terms * ScalarPlanes.CHANNELS;
    FloatVector bias0 = FloatVector.broadcast(SPECIES, filter[biases]);
    FloatVector bias1 = FloatVector.broadcast(SPECIES, filter[biases + 1]);
    FloatVector bias2 = FloatVector.broadcast(SPECIES, filter[biases + 2]);
    for (int p = 0; p < length; p += 4 * LANES) {
      FloatVector sum00 = bias0;
      FloatVector sum01 = bias0;
      FloatVector sum02 = bias0;
      FloatVector sum03 = bias0;
      FloatVector sum10 = bias1;
      FloatVector sum11 = bias1;
      FloatVector sum12 = bias1;
      FloatVector sum13 = bias1;
      FloatVector sum20 = bias2;
      FloatVector sum21 = bias2;
      FloatVector sum22 = bias2;
      FloatVector sum23 = bias2;
      int w = weights;
      for (int t = 0; t < terms; t++) {
        int from = base + p + offsets[t];
        FloatVector in0 = FloatVector.fromArray(SPECIES, in, from);
        FloatVector in1 = FloatVector.fromArray(SPECIES, in, from + LANES);
        FloatVector in2 = FloatVector.fromArray(SPECIES, in, from + 2 * LANES);
        FloatVector in3 = FloatVector.fromArray(SPECIES, in, from + 3 * LANES);
        FloatVector weight0 = FloatVector.broadcast(SPECIES, filter[w]);
        sum00 = weight0.fma(in0, sum00);
        sum01 = weight0.fma(in1, sum01);
        sum02 = weight0.fma(in2, sum02);
        sum03 = weight0.fma(in3, sum03);
        FloatVector weight1 = FloatVector.broadcast(SPECIES, filter[w + 1]);
        sum10 = weight1.fma(in0, sum10);
        sum11 = weight1.fma(in1, sum11);
        sum12 = weight1.fma(in2, sum12);
        sum13 = weight1.fma(in3, sum13);
        FloatVector weight2 = FloatVector.broadcast(SPECIES, filter[w + 2]);
        sum20 = weight2.fma(in0, sum20);
        sum21 = weight2.fma(in1, sum21);
        sum22 = weight2.fma(in2, sum22);
        sum23 = weight2.fma(in3, sum23);
        w += ScalarPlanes.CHANNELS;
      }
      int out0 = to + p;
      int out1 = out0 + length;
      int out2 = out1 + length;
      sum00.intoArray(out, out0);
      sum01.intoArray(out, out0 + LANES);
      sum02.intoArray(out, out0 + 2 * LANES);
      sum03.intoArray(out, out0 + 3 * LANES);
      sum10.intoArray(out, out1);
      sum11.intoArray(out, out1 + LANES);
      sum12.intoArray(out, out1 + 2 * LANES);
      sum13.intoArray(out, out1 + 3 * LANES);
      sum20.intoArray(out, out2);
      sum21.intoArray(out, out2 + LANES);
      sum22.intoArray(out, out2 + 2 * LANES);
      sum23.intoArray(out, out2 + 3 * LANES);
    }
  }

  /** What {@link ScalarPlanes#gradient} says: fifteen sums at a time. */
  static void gradient(
      float[] in,
      int base,
      int[] offsets,
      int term,
      float[] grad,
      int from,
      int length,
      float[] sums,
      int at) {
    int in0 = base + offsets[term];
    int in1 = base + offsets[term + 1];
    int in2 = base + offsets[term + 2];
    int in3 = base + offsets[term + 3];
    int in4 = base + offsets[term + 4];
    for (int lane = 0; lane < Layout.BLOCK; lane += LANES) {
      int to = at + lane;
      FloatVector sum00 = FloatVector.fromArray(SPECIES, sums, to);
      FloatVector sum01 = FloatVector.fromArray(SPECIES, sums, to + 1 * Layout.BLOCK);
      FloatVector sum02 = FloatVector.fromArray(SPECIES, sums, to + 2 * Layout.BLOCK);
      FloatVector sum03 = FloatVector.fromArray(SPECIES, sums, to + 3 * Layout.BLOCK);
      FloatVector sum04 = FloatVector.fromArray(SPECIES, sums, to + 4 * Layout.BLOCK);
      FloatVector sum10 = FloatVector.fromArray(SPECIES, sums, to + 5 * Layout.BLOCK);
      FloatVector sum11 = FloatVector.fromArray(SPECIES, sums, to + 6 * Layout.BLOCK);
      FloatVector sum12 = FloatVector.fromArray(SPECIES, sums, to + 7 * Layout.BLOCK);
      FloatVector sum13 = FloatVector.fromArray(SPECIES, sums, to + 8 * Layout.BLOCK);
      FloatVector sum14 = FloatVector.fromArray(SPECIES, sums, to + 9 * Layout.BLOCK);
      FloatVector sum20 = FloatVector.fromArray(SPECIES, sums, to + 10 * Layout.BLOCK);
      FloatVector sum21 = FloatVector.fromArray(SPECIES, sums, to + 11 * Layout.BLOCK);
      FloatVector sum22 = FloatVector.fromArray(SPECIES, sums, to + 12 * Layout.BLOCK);
      FloatVector sum23 = FloatVector.fromArray(SPECIES, sums, to + 13 * Layout.BLOCK);
      FloatVector sum24 = FloatVector.fromArray(SPECIES, sums, to + 14 * Layout.BLOCK);
      for (int p = lane; p < length; p += Layout.BLOCK) {
        int q = from + p;
        FloatVector grad0 = FloatVector.fromArray(SPECIES, grad, q);
        FloatVector grad1 = FloatVector.fromArray(SPECIES, grad, q + length);
        FloatVector grad2 = FloatVector.fromArray(SPECIES, grad, q + 2 * length);
        FloatVector x0 = FloatVector.fromArray(SPECIES, in, in0 + p);
        sum00 = grad0.fma(x0, sum00);
        sum10 = grad1.fma(x0, sum10);
        sum20 = grad2.fma(x0, sum20);
        FloatVector x1 = FloatVector.fromArray(SPECIES, in, in1 + p);
        sum01 = grad0.fma(x1, sum01);
        sum11 = grad1.fma(x1, sum11);
        sum21 = grad2.fma(x1, sum21);
        FloatVector x2 = FloatVector.fromArray(SPECIES, in, in2 + p);
        sum02 = grad0.fma(x2, sum02);
        sum12 = grad1.fma(x2, sum12);
        sum22 = grad2.fma(x2, sum22);
        FloatVector x3 = FloatVector.fromArray(SPECIES, in, in3 + p);
        sum03 = grad0.fma(x3, sum03);
        sum13 = grad1.fma(x3, sum13);
        sum23 = grad2.fma(x3, sum23);
        FloatVector x4 = FloatVector.fromArray(SPECIES, in, in4 + p);
        sum04 = grad0.fma(x4, sum04);
        sum14 = grad1.fma(x4, sum14);
        sum24 = grad2.fma(x4, sum24);
      }
      sum00.intoArray(sums, to);
      sum01.intoArray(sums, to + 1 * Layout.BLOCK);
      sum02.intoArray(sums, to + 2 * Layout.BLOCK);
      sum03.intoArray(sums, to + 3 * Layout.BLOCK);
      sum04.intoArray(sums, to + 4 * Layout.BLOCK);
      sum10.intoArray(sums, to + 5 * Layout.BLOCK);
      sum11.intoArray(sums, to + 6 * Layout.BLOCK);
      sum12.intoArray(sums, to + 7 * Layout.BLOCK);
      sum13.intoArray(sums, to + 8 * Layout.BLOCK);
      sum14.intoArray(sums, to + 9 * Layout.BLOCK);
      sum20.intoArray(sums, to + 10 * Layout.BLOCK);
      sum21.intoArray(sums, to + 11 * Layout.BLOCK);
      sum22.intoArray(sums, to + 12 * Layout.BLOCK);
      sum23.intoArray(sums, to + 13 * Layout.BLOCK);
      sum24.intoArray(sums, to + 14 * Layout.BLOCK);
    }
  }
}
