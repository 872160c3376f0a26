package dev.lanewise.kernels.simd;

/** Independent chains of scalar multiply-adds, enough to fill the units' latency. */
final class ScalarChains {

  /** Floating-point operations of one step: eight chains. */
  static final double FLOPS = 2.0 * 8;

  private ScalarChains() {}

  static float run(int steps) {
    float a = 0.5f;
    float c0 = 0;
    float c1 = 1;
    float c2 = 2;
    float c3 = 3;
    float c4 = 4;
    float c5 = 5;
    float c6 = 6;
    float c7 = 7;
    for (int i = 0; i < steps; i++) {
      c0 = Lanes.fma(a, c0, a);
      c1 = Lanes.fma(a, c1, a);
      c2 = Lanes.fma(a, c2, a);
      c3 = Lanes.fma(a, c3, a);
      c4 = Lanes.fma(a, c4, a);
      c5 = Lanes.fma(a, c5, a);
      c6 = Lanes.fma(a, c6, a);
      c7 = Lanes.fma(a, c7, a);
    }
    return c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7;
  }
}
