/** Tensors, autograd, layers, training and inference. */
module dev.lanewise.nn {
  requires transitive dev.lanewise.kernels;
  requires transitive java.desktop;
  requires com.google.gson;
  requires me.tongfei.progressbar;

  exports dev.lanewise.nn;
  exports dev.lanewise.nn.data;
  exports dev.lanewise.nn.graph;
  exports dev.lanewise.nn.insight;
  exports dev.lanewise.nn.io;
  exports dev.lanewise.nn.layer;
  exports dev.lanewise.nn.loss;
  exports dev.lanewise.nn.metrics;
  exports dev.lanewise.nn.op;
  exports dev.lanewise.nn.optim;
  exports dev.lanewise.nn.report;
  exports dev.lanewise.nn.session;
  exports dev.lanewise.nn.train;
}
