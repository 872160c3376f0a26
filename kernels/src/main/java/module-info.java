/** Convolution on the JVM's SIMD lanes: shapes, algorithms and plans. */
module dev.lanewise.kernels {
  requires jdk.incubator.vector;
}
