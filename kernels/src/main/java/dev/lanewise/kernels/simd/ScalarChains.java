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
      c0 = step(a, c0);
      c1 = step(a, c1);
      c2 = step(a, c2);
      c3 = step(a, c3);
      c4 = step(a, c4);
      c5 = step(a, c5);
      c6 = step(a, c6);
      c7 = step(a, c7);
    }
    return c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7;
  }

  private static float step(float a, float c) {
    return Lanes.FMA ? Math.fma(a, c, a) : a * c + a;
  }
}
