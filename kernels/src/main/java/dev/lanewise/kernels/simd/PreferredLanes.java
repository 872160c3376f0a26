package dev.lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;

/** Apart from {@link Lanes} so that it is loaded only where the Vector API is there. */
final class PreferredLanes {

  private PreferredLanes() {}

  /** Floats of the JVM's preferred vector, at most the 16 of a channel block. */
  static int length() {
    return Math.min(FloatVector.SPECIES_PREFERRED.length(), BatchReduce.BLOCK);
  }
}
