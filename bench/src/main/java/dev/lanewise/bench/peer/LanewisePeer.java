package dev.lanewise.bench.peer;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.models.Models;
import dev.lanewise.models.weights.Weights;
import dev.lanewise.nn.io.Safetensors;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.session.Session;
import dev.lanewise.nn.session.SessionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Lanewise itself, with its operands in its blocked layout. */
public final class LanewisePeer implements Peer {

  private final Optional<Algorithm> pinned;

  /**
   * @param pinned the algorithm of forward convolutions; empty to let the plan choose
   */
  public LanewisePeer(Optional<Algorithm> pinned) {
    this.pinned = pinned;
  }

  @Override
  public String name() {
    return "lanewise";
  }

  @Override
  public Prepared train(TrainingStep step) {
    return new TrainedNetwork(step);
  }

  @Override
  public Prepared infer(Inference inference) {
    return new CompiledNetwork(inference);
  }

  @Override
  public void save(Inference inference, Path file) throws IOException {
    Safetensors.save(file, inference.network().state());
  }

  @Override
  public float[] start(Inference inference, Path file) throws IOException {
    Network network = Weights.open(file).moveTo(Models.create(inference.model()));
    SessionOptions options =
        SessionOptions.defaults().withThreads(inference.threads()).withWarmUp();
    try (Session session = Session.compile(network, options, inference.inputDims())) {
      return session.run(inference.images());
    }
  }

  @Override
  public Prepared prepare(Problem problem) {
    Workers workers = Workers.of(problem.threads());
    try {
      ConvOptions options = ConvOptions.defaults().withWorkers(workers);
      if (pinned.isEmpty() && PlannedSeparable.canCompute(problem)) {
        return new PlannedSeparable(problem, options);
      }
      return problem.direction() == Direction.FORWARD
          ? new PlannedConvolutions(problem, pinned.map(options::withAlgorithm).orElse(options))
          : new PlannedGradient(problem, options);
    } catch (IllegalArgumentException e) {
      workers.close();
      throw e;
    }
  }
}
