package dev.lanewise.verify.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.models.Models;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.BatchNorm;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Sequential;
import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.verify.check.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the steps of a training copy and keep. */
class TrainingStepTest {

  /** A network, an optimiser and a batch, trained step by step. */
  private static final class Training {
    final Network network;
    final Context context;
    final Optimizer optimizer;
    final float[] images;
    final int[] shape;

    /** Buffers in use between the two passes: what was saved for the way back. */
    long saved;

    Training(Network network, int batch) {
      this(network, batch, Workers.shared());
    }

    Training(Network network, int batch, Workers workers) {
      context = Context.training(workers);
      this.network = network.initialize(1);
      optimizer = Optimizer.create("sgd", network.parameters().values(), 1e-3f, 0.9f, 1e-4f);
      shape = network.batchShape(batch);
      images = new Data(1).reals(Tensor.length(Layout.NCHW, shape));
    }

    void step() {
      context.recycle();
      optimizer.zeroGrad();
      Tensor scores = network.outputs(Tensor.of(images, shape), context).getFirst();
      Tensor loss = CrossEntropy.of(scores, new int[shape[0]], context);
      saved = context.bufferBytesInUse();
      loss.backward();
      optimizer.step();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "googlenet"})
  void onlyImagesAndFeaturesAreReordered(String model) {
    Training training =
        new Training(
            Models.create(model, Models.options(model).size(32, 32).withoutAuxiliaries()), 1);
    training.step();
    assertEquals(3, training.context.reorders(), "images in, features out, their gradient back");
  }

  @Test
  void aThousandStepsNeedNoMoreMemoryThanThree() {
    Sequential body =
        new Sequential()
            .add("conv1", new Conv2d(3, 16, 3).padding(1).bias(false))
            .add("bn1", new BatchNorm(16))
            .add("relu1", Activate.relu())
            .add("conv2", new Conv2d(16, 16, 3).padding(1))
            .add("pool", AdaptivePool.average(1))
            .add("flatten", new Flatten())
            .add("fc", new Linear(16, 10));
    Training training = new Training(new Network("small", new int[] {3, 4, 4}, body), 2);
    for (int step = 0; step < 3; step++) {
      training.step();
    }
    long bytes = training.context.bufferBytes();
    for (int step = 0; step < 1000; step++) {
      training.step();
    }
    assertEquals(bytes, training.context.bufferBytes());
  }

  /**
   * All that stays from step to step: weights, gradients and velocities, the buffers of the context
   * (what was saved for the way back, and gradients of activations), packed filters, and the
   * workers' scratch memory; against the first three and what was saved. Of one worker, as each has
   * scratch memory of its own.
   */
  @Test
  void aStepTakesLittleMoreMemoryThanWeightsAndWhatItSaves() {
    try (Workers one = Workers.of(1)) {
      Network network = Models.create("resnet18", Models.options("resnet18").size(64, 64));
      Training training = new Training(network, 16, one);
      training.step();
      long saved = training.saved;
      long buffers = training.context.bufferBytes();
      assertTrue(
          buffers - saved < saved / 2,
          "%d bytes of buffers, %d of them saved".formatted(buffers, saved));
      long weights = 3L * Float.BYTES * network.parameterCount();
      long shared = training.context.filterMemory().bytes() + one.scratchBytes();
      double ratio = (double) (weights + buffers + shared) / (weights + saved);
      assertTrue(
          ratio <= 1.2,
          "%d of weights, %d of buffers, %d shared: %.3f"
              .formatted(weights, buffers, shared, ratio));
    }
  }
}
