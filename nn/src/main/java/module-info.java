/** Tensors, autograd, layers, training and inference. */
module dev.lanewise.nn {
  requires transitive dev.lanewise.kernels;
  requires com.google.gson;
  requires me.tongfei.progressbar;

  exports dev.lanewise.nn;
  exports dev.lanewise.nn.layer;
  exports dev.lanewise.nn.loss;
  exports dev.lanewise.nn.op;
  exports dev.lanewise.nn.optim;
  exports dev.lanewise.nn.report;
}
