package dev.lanewise.kernels.plan;

/** How much rounding error a caller accepts for speed; {@code verify conv} publishes each error. */
public enum Accuracy {
  /** Direct summation only: every output is one chain of fused multiply-adds. */
  STRICT,
  /** Also fast algorithms with a few times the rounding error of direct summation. */
  DEFAULT,
  /** Also those with some ten times that error. */
  FAST
}
