/** Tensors, autograd, layers, training and inference. */
module dev.lanewise.nn {
  requires transitive dev.lanewise.kernels;
}
