package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.composite.BranchPlan;
import dev.lanewise.kernels.composite.Chain;
import dev.lanewise.kernels.composite.Chain.Link;
import dev.lanewise.kernels.composite.ChainPlan;
import dev.lanewise.kernels.composite.PackedChain;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import java.util.ArrayList;
import java.util.List;

/** Chains and branches of convolutions: the bits of their parts run one by one. */
public final class CompositeChecks implements RandomCheck {

  private final Setting setting;

  /** Checks in a setting. */
  public CompositeChecks(Setting setting) {
    this.setting = setting;
  }

  /** Checks chains and branches of them. */
  @Override
  public void run(int i) {
    Data shapes = setting.shape(i);
    ConvShape shape = Chains.shape(shapes);
    Activation activation = shapes.oneOf(Activation.IDENTITY, Activation.RELU, Activation.TANH);
    chain(Chains.separable(shape, activation, shapes), i);
    chain(Chain.flattened(shape, activation, activation), i);
    branches(shape, activation, shapes, i);
  }

  private static ConvOptions options(Workers workers) {
    return ConvOptions.defaults().withWorkers(workers);
  }

  private void chain(Chain chain, int index) {
    Parts parts = new Parts(chain, setting.data(index));
    String subject = setting.subject(Chains.text(List.of(chain)), index);
    setting
        .findings()
        .check(
            "chains have the bits of their parts",
            subject,
            () -> Mismatch.sameBits(parts.oneByOne(setting.one()), parts.run(setting.one())));
    setting.promises(
        "composite",
        subject,
        workers -> List.of(parts.run(workers)),
        new BlockedLayout(chain.outputDims()));
  }

  private void branches(ConvShape shape, Activation activation, Data data, int index) {
    List<Chain> chains = Chains.branches(shape, activation, data);
    List<Parts> parts =
        chains.stream().map(chain -> new Parts(chain, setting.data(index))).toList();
    String subject = setting.subject(Chains.text(chains), index);
    int[] dims = BranchPlan.of(chains, options(setting.one())).outputDims();
    setting
        .findings()
        .check(
            "branches have the bits of their parts",
            subject,
            () -> Mismatch.sameBits(concatenated(parts, dims), run(chains, parts, setting.one())));
    setting.promises(
        "composite",
        subject,
        workers -> List.of(run(chains, parts, workers)),
        new BlockedLayout(dims));
  }

  private static float[] run(List<Chain> chains, List<Parts> parts, Workers workers) {
    BranchPlan plan = BranchPlan.of(chains, options(workers));
    List<PackedChain> packed = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      packed.add(plan.branch(i).pack(parts.get(i).filters, parts.get(i).biases));
    }
    float[] output = Floats.unset(plan.outputLength());
    plan.run(parts.getFirst().input, packed, output);
    return output;
  }

  private float[] concatenated(List<Parts> parts, int... dims) {
    List<float[]> dense =
        parts.stream()
            .map(
                part ->
                    new BlockedLayout(part.chain.outputDims())
                        .toDense(part.oneByOne(setting.one())))
            .toList();
    return new BlockedLayout(dims).toBlocked(Chains.concatenated(dense, dims));
  }

  /** A chain with its data: the input blocked. */
  private static final class Parts {
    final Chain chain;
    final float[] input;
    final List<float[]> filters = new ArrayList<>();
    final List<float[]> biases = new ArrayList<>();

    Parts(Chain chain, Data data) {
      this.chain = chain;
      BlockedLayout inputs = new BlockedLayout(chain.inputDims());
      input = inputs.toBlocked(data.reals(inputs.denseLength()));
      for (Link link : chain.links()) {
        filters.add(data.reals(link.shape().filterLength()));
        biases.add(data.oneIn(3) ? null : data.reals(link.shape().outChannels()));
      }
    }

    float[] run(Workers workers) {
      ChainPlan plan = ChainPlan.of(chain, options(workers));
      float[] output = Floats.unset(plan.outputLength());
      plan.run(input, plan.pack(filters, biases), output);
      return output;
    }

    float[] oneByOne(Workers workers) {
      float[] values = input;
      for (int i = 0; i < filters.size(); i++) {
        Link link = chain.links().get(i);
        ConvPlan plan =
            ConvPlan.of(link.shape(), options(workers).withActivation(link.activation()));
        float[] output = Floats.unset(plan.outputLength());
        plan.run(values, plan.pack(filters.get(i), biases.get(i)), output);
        values = output;
      }
      return values;
    }
  }
}
