/** Tensors, autograd, layers, training and inference. */
module dev.lanewise.nn {
  requires transitive dev.lanewise.kernels;
  requires com.google.gson;
  requires me.tongfei.progressbar;

  exports dev.lanewise.nn.report;
}
