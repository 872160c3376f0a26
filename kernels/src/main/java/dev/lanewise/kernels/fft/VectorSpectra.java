package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The loops of {@link Spectra} on vectors; loaded only where {@link Lanes#vectorised()} holds. */
final class VectorSpectra {

  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
  private static final int LANES = SPECIES.length();
  private static final int BLOCK = 16;

  private VectorSpectra() {}

  static void separate(float[] z, int zBase, int size, float[] out, int base, int step, int b) {
    for (int c = 0; c < BLOCK; c += LANES) {
      int from = zBase + c;
      int mirror = from;
      int to = base + c;
      for (int k = 0; k <= size / 2; k++) {
        FloatVector kr = FloatVector.fromArray(SPECIES, z, from);
        FloatVector ki = FloatVector.fromArray(SPECIES, z, from + BLOCK);
        FloatVector jr = FloatVector.fromArray(SPECIES, z, mirror);
        FloatVector ji = FloatVector.fromArray(SPECIES, z, mirror + BLOCK);
        kr.add(jr).intoArray(out, to);
        ki.sub(ji).intoArray(out, to + BLOCK);
        ki.add(ji).intoArray(out, to + b);
        jr.sub(kr).intoArray(out, to + b + BLOCK);
        from += Fft.COMPLEX;
        mirror = zBase + c + (size - 1 - k) * Fft.COMPLEX;
        to += step;
      }
    }
  }

  static void join(float[] in, int base, int step, int b, float[] z, int zBase, int size) {
    for (int c = 0; c < BLOCK; c += LANES) {
      int from = base + c;
      int to = zBase + c;
      int mirror = to;
      for (int k = 0; k <= size / 2; k++) {
        FloatVector ar = FloatVector.fromArray(SPECIES, in, from);
        FloatVector ai = FloatVector.fromArray(SPECIES, in, from + BLOCK);
        FloatVector br = FloatVector.fromArray(SPECIES, in, from + b);
        FloatVector bi = FloatVector.fromArray(SPECIES, in, from + b + BLOCK);
        ar.add(bi).intoArray(z, mirror);
        br.sub(ai).intoArray(z, mirror + BLOCK);
        ar.sub(bi).intoArray(z, to);
        ai.add(br).intoArray(z, to + BLOCK);
        from += step;
        to += Fft.COMPLEX;
        mirror = zBase + c + (size - 1 - k) * Fft.COMPLEX;
      }
    }
  }

  static void spread(float[] z, int zBase, float[] out, int base, int step, int turned, int count) {
    for (int c = 0; c < BLOCK; c += LANES) {
      int from = zBase + c;
      int to = base + c;
      for (int i = 0; i < count; i++) {
        FloatVector re = FloatVector.fromArray(SPECIES, z, from);
        FloatVector im = FloatVector.fromArray(SPECIES, z, from + BLOCK);
        re.intoArray(out, to);
        im.intoArray(out, to + BLOCK);
        im.neg().intoArray(out, to + turned);
        re.intoArray(out, to + turned + BLOCK);
        from += Fft.COMPLEX;
        to += step;
      }
    }
  }

  static void multiplyAdd(
      float[] x, int xBase, float[] y, int yBase, int yStep, float[] sum, int base, int count) {
    for (int c = 0; c < BLOCK; c += LANES) {
      int from = xBase + c;
      int other = yBase + c;
      int to = base + c;
      for (int i = 0; i < count; i++) {
        FloatVector xr = FloatVector.fromArray(SPECIES, x, from);
        FloatVector xi = FloatVector.fromArray(SPECIES, x, from + BLOCK);
        FloatVector yr = FloatVector.fromArray(SPECIES, y, other);
        FloatVector yi = FloatVector.fromArray(SPECIES, y, other + BLOCK);
        FloatVector sr = FloatVector.fromArray(SPECIES, sum, to);
        FloatVector si = FloatVector.fromArray(SPECIES, sum, to + BLOCK);
        xi.neg().fma(yi, xr.fma(yr, sr)).intoArray(sum, to);
        xi.fma(yr, xr.fma(yi, si)).intoArray(sum, to + BLOCK);
        from += Fft.COMPLEX;
        other += yStep;
        to += Fft.COMPLEX;
      }
    }
  }

  static void addTo(
      float[] x, int xBase, int xStep, float[] bias, int biasBase, float[] out, int base, int n) {
    for (int c = 0; c < BLOCK; c += LANES) {
      int from = xBase + c;
      int to = base + c;
      for (int i = 0; i < n; i++) {
        FloatVector.fromArray(SPECIES, x, from)
            .add(FloatVector.fromArray(SPECIES, bias, biasBase + c))
            .intoArray(out, to);
        from += xStep;
        to += BLOCK;
      }
    }
  }
}
