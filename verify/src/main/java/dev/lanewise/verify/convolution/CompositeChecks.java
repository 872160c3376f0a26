package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.composite.BranchPlan;
import dev.lanewise.kernels.composite.Chain;
import dev.lanewise.kernels.composite.Chain.Link;
import dev.lanewise.kernels.composite.ChainGradient;
import dev.lanewise.kernels.composite.ChainPlan;
import dev.lanewise.kernels.composite.PackedChain;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chains and branches of convolutions: the bits of their parts run one by one, and gradients that
 * are adjoint to the chain.
 */
public final class CompositeChecks implements RandomCheck {

  private static final int LIMIT = 2;
  private static final long MOST_MULTIPLY_ADDS = 200_000;

  private final Setting setting;

  /** Checks in a setting. */
  public CompositeChecks(Setting setting) {
    this.setting = setting;
  }

  /** Checks chains and branches of them. */
  @Override
  public void run(int i) {
    Data shapes = setting.shape(i);
    ConvShape shape = shape(shapes);
    Activation activation = shapes.oneOf(Activation.IDENTITY, Activation.RELU, Activation.TANH);
    chain(separable(shape, activation, shapes), i);
    chain(Chain.flattened(shape, activation, activation), i);
    branches(shape, activation, shapes, i);
  }

  private static ConvShape shape(Data data) {
    while (true) {
      ConvShape shape = ShapeKind.SMALL_DENSE.draw(data);
      if (shape.multiplyAdds() <= MOST_MULTIPLY_ADDS) {
        return shape;
      }
    }
  }

  private static Chain separable(ConvShape shape, Activation activation, Data data) {
    int middle = shape.groups() * data.between(1, 20);
    return Chain.spatiallySeparable(shape, middle, activation, Activation.IDENTITY);
  }

  private static ConvOptions options(Workers workers) {
    return ConvOptions.defaults().withWorkers(workers);
  }

  private void chain(Chain chain, int index) {
    Parts parts = new Parts(chain, setting.data(index), false);
    String subject = setting.subject(text(chain), index);
    Findings findings = setting.findings();
    findings.check(
        "chains have the bits of their parts",
        subject,
        () -> Mismatch.sameBits(parts.oneByOne(setting.one()), parts.run(setting.one())));
    findings.check(
        "chain gradients are adjoint", subject, () -> adjoint(linear(chain), setting.data(index)));
    setting.promises(
        "composite",
        subject,
        workers -> List.of(parts.run(workers)),
        new BlockedLayout(chain.outputDims()));
  }

  private static String text(Chain chain) {
    return String.join(" then ", chain.links().stream().map(l -> l.shape().toString()).toList());
  }

  private static Chain linear(Chain chain) {
    return Chain.of(
        Activation.IDENTITY, chain.links().stream().map(Link::shape).toArray(ConvShape[]::new));
  }

  /** {@code <chain(x), y> = <x, dx>}, and the same of each filter, where every sum is exact. */
  private Optional<String> adjoint(Chain chain, Data data) {
    Parts parts = new Parts(chain, data, true);
    ConvOptions options = options(setting.two()).withAccuracy(Accuracy.STRICT);
    ChainGradient gradient = ChainGradient.of(chain, options);
    float[] output = Floats.unset(gradient.outputLength());
    BlockedLayout outputs = new BlockedLayout(chain.outputDims());
    float[] gradOutput = outputs.toBlocked(data.integers(outputs.denseLength(), LIMIT));
    gradient.forward(parts.input, gradient.pack(parts.filters, parts.noBiases()), output);
    float[] gradInput = new float[gradient.inputLength()];
    List<float[]> gradFilters = parts.filters.stream().map(f -> new float[f.length]).toList();
    List<float[]> gradBiases =
        chain.links().stream().map(link -> new float[link.shape().outChannels()]).toList();
    gradient.backward(
        parts.input, parts.filters, output, gradOutput, gradInput, gradFilters, gradBiases);
    double forward = product(output, gradOutput);
    if (forward != product(parts.input, gradInput)) {
      return Optional.of(
          "<chain(x), y> = %s, <x, dx> = %s".formatted(forward, product(parts.input, gradInput)));
    }
    for (int i = 0; i < gradFilters.size(); i++) {
      double byFilter = product(parts.filters.get(i), gradFilters.get(i));
      if (forward != byFilter) {
        return Optional.of(
            "<chain(x), y> = %s, <f, df> of part %d = %s".formatted(forward, i, byFilter));
      }
    }
    return Optional.empty();
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private void branches(ConvShape shape, Activation activation, Data data, int index) {
    List<Chain> chains = new ArrayList<>();
    int count = data.between(1, 4);
    for (int i = 0; i < count; i++) {
      int channels = shape.groups() * data.oneOf(16, 32, data.between(1, 20));
      ConvShape own =
          new ConvShape(shape.batch(), shape.inChannels(), channels, shape.groups(), shape.axes());
      chains.add(data.oneIn(3) ? separable(own, activation, data) : Chain.of(activation, own));
    }
    List<Parts> parts =
        chains.stream().map(chain -> new Parts(chain, setting.data(index), false)).toList();
    String subject =
        setting.subject(
            String.join(" beside ", chains.stream().map(CompositeChecks::text).toList()), index);
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
    BlockedLayout outputs = new BlockedLayout(dims);
    float[] dense = new float[outputs.denseLength()];
    int image = dense.length / dims[0];
    int first = 0;
    for (Parts part : parts) {
      BlockedLayout layout = new BlockedLayout(part.chain.outputDims());
      float[] own = layout.toDense(part.oneByOne(setting.one()));
      int length = own.length / dims[0];
      for (int n = 0; n < dims[0]; n++) {
        System.arraycopy(own, n * length, dense, n * image + first, length);
      }
      first += length;
    }
    return outputs.toBlocked(dense);
  }

  /** A chain with its data: the input blocked. */
  private static final class Parts {
    final Chain chain;
    final float[] input;
    final List<float[]> filters = new ArrayList<>();
    final List<float[]> biases = new ArrayList<>();

    Parts(Chain chain, Data data, boolean integers) {
      this.chain = chain;
      BlockedLayout inputs = new BlockedLayout(chain.inputDims());
      int length = inputs.denseLength();
      input = inputs.toBlocked(integers ? data.integers(length, LIMIT) : data.reals(length));
      for (Link link : chain.links()) {
        int weights = link.shape().filterLength();
        filters.add(integers ? data.integers(weights, LIMIT) : data.reals(weights));
        biases.add(data.oneIn(3) ? null : data.reals(link.shape().outChannels()));
      }
    }

    List<float[]> noBiases() {
      List<float[]> none = new ArrayList<>();
      filters.forEach(filter -> none.add(null));
      return none;
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
