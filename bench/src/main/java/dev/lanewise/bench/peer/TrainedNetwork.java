package dev.lanewise.bench.peer;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.ParameterGroups;
import dev.lanewise.nn.optim.Sgd;

/** Lanewise's own training step, as {@code nn.train} makes it. */
final class TrainedNetwork implements Peer.Prepared {

  private final Workers workers;
  private final Context context;
  private final Network network;
  private final Optimizer optimizer;
  private final Tensor images;
  private final int[] labels;
  private final Losses losses = new Losses();

  TrainedNetwork(TrainingStep step) {
    workers = Workers.of(step.threads());
    context = Context.training(workers);
    network = step.network();
    optimizer =
        new Sgd.Settings(TrainingStep.RATE, TrainingStep.MOMENTUM, false, 0)
            .optimizer(ParameterGroups.of(network.parameters().values()), workers);
    images = Tensor.of(step.images(), network.batchShape(step.batch()));
    labels = step.labels();
    losses.warmUp(this);
  }

  @Override
  public void run() {
    context.recycle();
    optimizer.zeroGrad();
    Tensor loss = CrossEntropy.of(network.forward(images, context), labels, context);
    loss.backward();
    optimizer.step();
    losses.add(loss.item());
  }

  @Override
  public float[] result() {
    return losses.first();
  }

  @Override
  public String algorithm() {
    return "fused norms";
  }

  @Override
  public void close() {
    workers.close();
  }
}
