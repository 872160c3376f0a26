/** Convolution on the JVM's SIMD lanes: shapes, algorithms and plans. */
module dev.lanewise.kernels {
  requires jdk.incubator.vector;
  requires jdk.management;

  exports dev.lanewise.kernels.activation;
  exports dev.lanewise.kernels.composite;
  exports dev.lanewise.kernels.fft;
  exports dev.lanewise.kernels.filters;
  exports dev.lanewise.kernels.gemm;
  exports dev.lanewise.kernels.gradient;
  exports dev.lanewise.kernels.im2col;
  exports dev.lanewise.kernels.io;
  exports dev.lanewise.kernels.layout;
  exports dev.lanewise.kernels.norm;
  exports dev.lanewise.kernels.padding;
  exports dev.lanewise.kernels.parallel;
  exports dev.lanewise.kernels.plan;
  exports dev.lanewise.kernels.planar;
  exports dev.lanewise.kernels.pool;
  exports dev.lanewise.kernels.separable;
  exports dev.lanewise.kernels.shape;
  exports dev.lanewise.kernels.simd;
  exports dev.lanewise.kernels.transposed;
  exports dev.lanewise.kernels.winograd;
}
