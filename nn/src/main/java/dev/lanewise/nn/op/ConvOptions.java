package dev.lanewise.nn.op;

import dev.lanewise.kernels.parallel.Workers;

record ConvOptions() {
  static ConvOptions defaults() {
    return new ConvOptions();
  }

  ConvOptions withWorkers(Workers workers) {
    return this;
  }
}
