package dev.lanewise.kernels.activation;

/**
 * The family of {@code tanh} and the logistic function, computed from {@code e = exp(-scale * |x|)}
 * as {@code (a * e + b) / (1 + e)}.
 *
 * <p>Near zero, where tanh would cancel, it is a polynomial instead. The vector loop and {@link
 * ScalarLoops} do the same operations in the same order. Error at most 1.5 ulp, without FMA 2.3
 * ulp.
 *
 * @param scale factor of the exponent
 * @param aPositive a of values that are not negative
 * @param bPositive b of values that are not negative
 * @param aNegative a of negative values
 * @param bNegative b of negative values
 * @param small magnitude below which the polynomial holds; 0 where there is none
 * @param signMask sign bit if the function is odd, else 0: the formula then gives the magnitude
 * @param linear with {@code constant}, the derivative {@code y * (linear - y) + constant}
 * @param constant see {@code linear}
 */
record Sigmoidal(
    float scale,
    float aPositive,
    float bPositive,
    float aNegative,
    float bNegative,
    float small,
    int signMask,
    float linear,
    float constant) {

  static final Sigmoidal TANH = new Sigmoidal(2, -1, 1, -1, 1, 0.55f, Integer.MIN_VALUE, 0, 1);
  static final Sigmoidal SIGMOID = new Sigmoidal(1, 0, 1, 1, 0, 0, 0, 1, 0);

  /** Below it, exp rounds to zero. */
  static final float LOWEST = -104;

  static final float LOG2_E = 1.442695f;

  /** Adding it rounds a float to an integer, which then stands in the low bits. */
  static final float ROUNDER = 0x1.8p23f;

  static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

  /** ln 2 in two parts; the first has so few bits that its product with an exponent is exact. */
  static final float LN2 = 355f / 512;

  static final float LN2_REST = -2.1219444e-4f;

  /** {@code exp(r) = 1 + r + r^2 q(r)} on |r| <= ln(2) / 2; Chebyshev fit, relative error 8e-9. */
  static final float Q0 = 0.5f;

  static final float Q1 = 0.16666573f;
  static final float Q2 = 0.04166655f;
  static final float Q3 = 0.008363767f;
  static final float Q4 = 0.0013926919f;

  /** {@code tanh(x) = x + x^3 t(x^2)} on |x| <= 0.55; Chebyshev fit, relative error 4e-9. */
  static final float T0 = -0.3333333f;

  static final float T1 = 0.13333113f;
  static final float T2 = -0.05390943f;
  static final float T3 = 0.021309389f;
  static final float T4 = -0.0066102277f;
}
