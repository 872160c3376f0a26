package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The passes of {@link Fft} on vectors; loaded only where {@link Lanes#vectorised()} holds.
 *
 * <p>Element {@code i} of the input lies at {@code xBase + i * xs}, of the output at {@code yBase +
 * i * ys}, its real part at {@code + re} and its imaginary part at {@code + im}. Each method is one
 * loop without calls that take vectors, as C2 wants it.
 */
final class VectorPasses {

  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
  private static final int LANES = SPECIES.length();
  private static final int BLOCK = 16;

  /** Half the square root of 3: the sine of a third of a turn. */
  private static final float SINE = (float) Math.sqrt(0.75);

  private VectorPasses() {}

  /** Butterflies of two elements. */
  static void radix2(
      int re,
      int im,
      float[] x,
      int xBase,
      int xs,
      float[] y,
      int yBase,
      int ys,
      float[] w,
      int span,
      int count) {
    for (int c = 0; c < BLOCK; c += LANES) {
      int part = im - re;
      int far = span * count * xs;
      int next = span * ys;
      for (int p = 0; p < count; p++) {
        FloatVector wr1 = FloatVector.broadcast(SPECIES, w[p * 3 + 0]);
        FloatVector wi1 = FloatVector.broadcast(SPECIES, w[p * 3 + 1]);
        FloatVector wn1 = FloatVector.broadcast(SPECIES, w[p * 3 + 2]);
        int from = xBase + re + c + p * span * xs;
        int to = yBase + re + c + 2 * p * span * ys;
        for (int q = 0; q < span; q++) {
          FloatVector r0 = FloatVector.fromArray(SPECIES, x, from);
          FloatVector i0 = FloatVector.fromArray(SPECIES, x, from + part);
          FloatVector r1 = FloatVector.fromArray(SPECIES, x, from + far);
          FloatVector i1 = FloatVector.fromArray(SPECIES, x, from + far + part);
          r0.add(r1).intoArray(y, to);
          i0.add(i1).intoArray(y, to + part);
          FloatVector zr = r0.sub(r1);
          FloatVector zi = i0.sub(i1);
          zr.fma(wr1, zi.mul(wn1)).intoArray(y, to + next);
          zi.fma(wr1, zr.mul(wi1)).intoArray(y, to + next + part);
          from += xs;
          to += ys;
        }
      }
    }
  }

  /** Butterflies of three elements. */
  static void radix3(
      int re,
      int im,
      float[] x,
      int xBase,
      int xs,
      float[] y,
      int yBase,
      int ys,
      float[] w,
      int span,
      int count) {
    for (int c = 0; c < BLOCK; c += LANES) {
      int part = im - re;
      FloatVector half = FloatVector.broadcast(SPECIES, -0.5f);
      FloatVector sine = FloatVector.broadcast(SPECIES, SINE);
      int far = span * count * xs;
      int next = span * ys;
      for (int p = 0; p < count; p++) {
        FloatVector wr1 = FloatVector.broadcast(SPECIES, w[p * 6 + 0]);
        FloatVector wi1 = FloatVector.broadcast(SPECIES, w[p * 6 + 1]);
        FloatVector wn1 = FloatVector.broadcast(SPECIES, w[p * 6 + 2]);
        FloatVector wr2 = FloatVector.broadcast(SPECIES, w[p * 6 + 3]);
        FloatVector wi2 = FloatVector.broadcast(SPECIES, w[p * 6 + 4]);
        FloatVector wn2 = FloatVector.broadcast(SPECIES, w[p * 6 + 5]);
        int from = xBase + re + c + p * span * xs;
        int to = yBase + re + c + 3 * p * span * ys;
        for (int q = 0; q < span; q++) {
          FloatVector r0 = FloatVector.fromArray(SPECIES, x, from);
          FloatVector i0 = FloatVector.fromArray(SPECIES, x, from + part);
          FloatVector r1 = FloatVector.fromArray(SPECIES, x, from + far);
          FloatVector i1 = FloatVector.fromArray(SPECIES, x, from + far + part);
          FloatVector r2 = FloatVector.fromArray(SPECIES, x, from + 2 * far);
          FloatVector i2 = FloatVector.fromArray(SPECIES, x, from + 2 * far + part);
          FloatVector sr = r1.add(r2);
          FloatVector si = i1.add(i2);
          r0.add(sr).intoArray(y, to);
          i0.add(si).intoArray(y, to + part);
          FloatVector mr = sr.fma(half, r0);
          FloatVector mi = si.fma(half, i0);
          FloatVector dr = r1.sub(r2).mul(sine);
          FloatVector di = i1.sub(i2).mul(sine);
          FloatVector ur = mr.add(di);
          FloatVector ui = mi.sub(dr);
          FloatVector vr = mr.sub(di);
          FloatVector vi = mi.add(dr);
          ur.fma(wr1, ui.mul(wn1)).intoArray(y, to + next);
          ui.fma(wr1, ur.mul(wi1)).intoArray(y, to + next + part);
          vr.fma(wr2, vi.mul(wn2)).intoArray(y, to + 2 * next);
          vi.fma(wr2, vr.mul(wi2)).intoArray(y, to + 2 * next + part);
          from += xs;
          to += ys;
        }
      }
    }
  }

  /** Butterflies of four elements. */
  static void radix4(
      int re,
      int im,
      float[] x,
      int xBase,
      int xs,
      float[] y,
      int yBase,
      int ys,
      float[] w,
      int span,
      int count) {
    for (int c = 0; c < BLOCK; c += LANES) {
      int part = im - re;
      int far = span * count * xs;
      int next = span * ys;
      for (int p = 0; p < count; p++) {
        FloatVector wr1 = FloatVector.broadcast(SPECIES, w[p * 9 + 0]);
        FloatVector wi1 = FloatVector.broadcast(SPECIES, w[p * 9 + 1]);
        FloatVector wn1 = FloatVector.broadcast(SPECIES, w[p * 9 + 2]);
        FloatVector wr2 = FloatVector.broadcast(SPECIES, w[p * 9 + 3]);
        FloatVector wi2 = FloatVector.broadcast(SPECIES, w[p * 9 + 4]);
        FloatVector wn2 = FloatVector.broadcast(SPECIES, w[p * 9 + 5]);
        FloatVector wr3 = FloatVector.broadcast(SPECIES, w[p * 9 + 6]);
        FloatVector wi3 = FloatVector.broadcast(SPECIES, w[p * 9 + 7]);
        FloatVector wn3 = FloatVector.broadcast(SPECIES, w[p * 9 + 8]);
        int from = xBase + re + c + p * span * xs;
        int to = yBase + re + c + 4 * p * span * ys;
        for (int q = 0; q < span; q++) {
          FloatVector r0 = FloatVector.fromArray(SPECIES, x, from);
          FloatVector i0 = FloatVector.fromArray(SPECIES, x, from + part);
          FloatVector r1 = FloatVector.fromArray(SPECIES, x, from + far);
          FloatVector i1 = FloatVector.fromArray(SPECIES, x, from + far + part);
          FloatVector r2 = FloatVector.fromArray(SPECIES, x, from + 2 * far);
          FloatVector i2 = FloatVector.fromArray(SPECIES, x, from + 2 * far + part);
          FloatVector r3 = FloatVector.fromArray(SPECIES, x, from + 3 * far);
          FloatVector i3 = FloatVector.fromArray(SPECIES, x, from + 3 * far + part);
          FloatVector ar = r0.add(r2);
          FloatVector ai = i0.add(i2);
          FloatVector br = r1.add(r3);
          FloatVector bi = i1.add(i3);
          FloatVector cr = r0.sub(r2);
          FloatVector ci = i0.sub(i2);
          FloatVector dr = r1.sub(r3);
          FloatVector di = i1.sub(i3);
          ar.add(br).intoArray(y, to);
          ai.add(bi).intoArray(y, to + part);
          FloatVector zr1 = cr.add(di);
          FloatVector zi1 = ci.sub(dr);
          zr1.fma(wr1, zi1.mul(wn1)).intoArray(y, to + next);
          zi1.fma(wr1, zr1.mul(wi1)).intoArray(y, to + next + part);
          FloatVector zr2 = ar.sub(br);
          FloatVector zi2 = ai.sub(bi);
          zr2.fma(wr2, zi2.mul(wn2)).intoArray(y, to + 2 * next);
          zi2.fma(wr2, zr2.mul(wi2)).intoArray(y, to + 2 * next + part);
          FloatVector zr3 = cr.sub(di);
          FloatVector zi3 = ci.add(dr);
          zr3.fma(wr3, zi3.mul(wn3)).intoArray(y, to + 3 * next);
          zi3.fma(wr3, zr3.mul(wi3)).intoArray(y, to + 3 * next + part);
          from += xs;
          to += ys;
        }
      }
    }
  }

  /** Butterflies of four elements, all twiddle factors 1. */
  static void lastRadix4(
      int re, int im, float[] x, int xBase, int xs, float[] y, int yBase, int ys, int span) {
    for (int c = 0; c < BLOCK; c += LANES) {
      int part = im - re;
      int far = span * xs;
      int next = span * ys;
      int from = xBase + re + c;
      int to = yBase + re + c;
      for (int q = 0; q < span; q++) {
        FloatVector r0 = FloatVector.fromArray(SPECIES, x, from);
        FloatVector i0 = FloatVector.fromArray(SPECIES, x, from + part);
        FloatVector r1 = FloatVector.fromArray(SPECIES, x, from + far);
        FloatVector i1 = FloatVector.fromArray(SPECIES, x, from + far + part);
        FloatVector r2 = FloatVector.fromArray(SPECIES, x, from + 2 * far);
        FloatVector i2 = FloatVector.fromArray(SPECIES, x, from + 2 * far + part);
        FloatVector r3 = FloatVector.fromArray(SPECIES, x, from + 3 * far);
        FloatVector i3 = FloatVector.fromArray(SPECIES, x, from + 3 * far + part);
        FloatVector ar = r0.add(r2);
        FloatVector ai = i0.add(i2);
        FloatVector br = r1.add(r3);
        FloatVector bi = i1.add(i3);
        FloatVector cr = r0.sub(r2);
        FloatVector ci = i0.sub(i2);
        FloatVector dr = r1.sub(r3);
        FloatVector di = i1.sub(i3);
        ar.add(br).intoArray(y, to);
        ai.add(bi).intoArray(y, to + part);
        cr.add(di).intoArray(y, to + next);
        ci.sub(dr).intoArray(y, to + next + part);
        ar.sub(br).intoArray(y, to + 2 * next);
        ai.sub(bi).intoArray(y, to + 2 * next + part);
        cr.sub(di).intoArray(y, to + 3 * next);
        ci.add(dr).intoArray(y, to + 3 * next + part);
        from += xs;
        to += ys;
      }
    }
  }
}
