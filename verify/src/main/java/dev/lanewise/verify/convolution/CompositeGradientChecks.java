package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.composite.BranchGradient;
import dev.lanewise.kernels.composite.Chain;
import dev.lanewise.kernels.composite.Chain.Link;
import dev.lanewise.kernels.composite.ChainGradient;
import dev.lanewise.kernels.composite.PackedChain;
import dev.lanewise.kernels.composite.SeparableFilters;
import dev.lanewise.kernels.composite.SeparableGradient;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.separable.SeparablePlan;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Gradients of chains, of branches and of the fused separable convolution by data, filters and
 * biases: {@code <f(x), y> = <x, dx>} and the same of each filter where all is linear, and equal to
 * finite differences of the reference with activations between, all of it exactly.
 */
public final class CompositeGradientChecks implements RandomCheck {

  private static final int LIMIT = 1;

  private final Setting setting;

  /** Checks in a setting. */
  public CompositeGradientChecks(Setting setting) {
    this.setting = setting;
  }

  /** Checks a chain of each kind, branches of them and a separable convolution. */
  @Override
  public void run(int index) {
    Data shapes = setting.shape(index);
    ConvShape shape = Chains.shape(shapes);
    Activation activation = shapes.oneOf(Activation.RELU, Activation.RELU6);
    check("chain", List.of(Chains.separable(shape, activation, shapes)), index);
    check("chain", List.of(Chain.flattened(shape, activation, activation)), index);
    check("branch", Chains.branches(shape, activation, shapes), index);
    check("separable", List.of(separable(shapes, activation)), index);
  }

  private static Chain separable(Data data, Activation middle) {
    ConvShape depthwise = SeparableChecks.draw(data);
    List<Axis> pixels = depthwise.axes().stream().map(axis -> Axis.of(axis.output(), 1)).toList();
    ConvShape pointwise =
        new ConvShape(depthwise.batch(), depthwise.outChannels(), data.between(1, 40), 1, pixels);
    return new Chain(
        List.of(new Link(depthwise, middle), new Link(pointwise, Activation.IDENTITY)));
  }

  private void check(String kind, List<Chain> chains, int index) {
    String subject = setting.subject(Chains.text(chains), index);
    Findings findings = setting.findings();
    List<Chain> linear = chains.stream().map(CompositeGradientChecks::linear).toList();
    findings.check(
        kind + " gradients are adjoint",
        subject,
        () -> new Problem(kind, linear, setting.data(index)).adjointFault(setting.one()));
    findings.check(
        kind + " gradients equal finite differences",
        subject,
        () -> new Problem(kind, chains, setting.data(index)).differenceFault(setting.one()));
    Problem problem = new Problem(kind, chains, setting.data(index));
    setting.promises(
        kind + " gradients",
        subject,
        workers -> problem.run(workers).all(),
        problem.outputs,
        problem.inputs);
  }

  private static Chain linear(Chain chain) {
    return Chain.of(
        Activation.IDENTITY, chain.links().stream().map(Link::shape).toArray(ConvShape[]::new));
  }

  /** What a forward and a backward pass give; of each branch the gradients of its links. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Results(
      float[] output,
      float[] gradInput,
      List<List<float[]>> gradFilters,
      List<List<float[]>> gradBiases) {

    List<float[]> all() {
      return Stream.of(
              Stream.of(output, gradInput),
              gradFilters.stream().flatMap(List::stream),
              gradBiases.stream().flatMap(List::stream))
          .flatMap(part -> part)
          .toList();
    }
  }

  /** Branches, or a single chain, with their data. */
  private static final class Problem {
    final BlockedLayout inputs;
    final BlockedLayout outputs;
    private final String kind;
    private final Data data;
    private final List<ExactChain> chains;
    private final float[] input;
    private final List<float[]> gradOutputs = new ArrayList<>();
    private final float[] gradOutput;

    Problem(String kind, List<Chain> branches, Data data) {
      this.kind = kind;
      this.data = data;
      chains = branches.stream().map(chain -> new ExactChain(chain, data)).toList();
      inputs = new BlockedLayout(branches.getFirst().inputDims());
      input = data.integers(inputs.denseLength(), LIMIT);
      int[] dims = branches.getFirst().outputDims();
      dims[1] = branches.stream().mapToInt(chain -> chain.outputDims()[1]).sum();
      outputs = new BlockedLayout(dims);
      for (Chain chain : branches) {
        gradOutputs.add(data.integers(new BlockedLayout(chain.outputDims()).denseLength(), LIMIT));
      }
      gradOutput = Chains.concatenated(gradOutputs, dims);
    }

    Results run(Workers workers) {
      ConvOptions options =
          ConvOptions.defaults().withAccuracy(Accuracy.STRICT).withWorkers(workers);
      float[] x = inputs.toBlocked(input);
      float[] dy = outputs.toBlocked(gradOutput);
      List<List<float[]>> filters = chains.stream().map(chain -> chain.filters).toList();
      List<List<float[]>> biases = chains.stream().map(chain -> chain.biases).toList();
      Results results =
          new Results(
              Floats.unset(outputs.blockedLength()),
              Floats.unset(x.length),
              unset(filters),
              unset(biases));
      List<Chain> shapes = chains.stream().map(chain -> chain.chain).toList();
      switch (kind) {
        case "separable" -> separable(options, x, dy, results);
        case "chain" -> {
          ChainGradient passes = ChainGradient.of(shapes.getFirst(), options);
          passes.forward(x, passes.pack(filters.getFirst(), biases.getFirst()), results.output);
          passes.backward(
              x,
              filters.getFirst(),
              results.output,
              dy,
              results.gradInput,
              results.gradFilters.getFirst(),
              results.gradBiases.getFirst());
        }
        default -> {
          BranchGradient passes = BranchGradient.of(shapes, options);
          List<PackedChain> packed = new ArrayList<>();
          for (int i = 0; i < shapes.size(); i++) {
            packed.add(passes.branch(i).pack(filters.get(i), biases.get(i)));
          }
          passes.forward(x, packed, results.output);
          passes.backward(
              x, filters, dy, results.gradInput, results.gradFilters, results.gradBiases);
        }
      }
      return results;
    }

    private void separable(ConvOptions options, float[] x, float[] dy, Results results) {
      ExactChain chain = chains.getFirst();
      Link first = chain.chain.links().getFirst();
      int outChannels = chain.chain.outputDims()[1];
      SeparableFilters filters = filters(chain.filters, chain.biases);
      SeparablePlan plan =
          SeparablePlan.of(first.shape(), outChannels, first.activation(), options);
      plan.run(
          x,
          plan.pack(
              filters.depthwise(),
              filters.depthwiseBias(),
              filters.pointwise(),
              filters.pointwiseBias()),
          results.output);
      SeparableGradient.of(first.shape(), outChannels, first.activation(), options)
          .backward(
              x,
              filters,
              dy,
              results.gradInput,
              filters(results.gradFilters.getFirst(), results.gradBiases.getFirst()));
    }

    private static SeparableFilters filters(List<float[]> filters, List<float[]> biases) {
      return new SeparableFilters(filters.get(0), biases.get(0), filters.get(1), biases.get(1));
    }

    private static List<List<float[]>> unset(List<List<float[]>> like) {
      return like.stream()
          .map(all -> all.stream().map(values -> Floats.unset(values.length)).toList())
          .toList();
    }

    /** Each link of a branch gives the branch's part of the sum. */
    Optional<String> adjointFault(Workers workers) {
      Results results = run(workers);
      double forward = Floats.product(outputs.toDense(results.output), gradOutput);
      double byInput = Floats.product(input, inputs.toDense(results.gradInput));
      double byFilters = 0;
      for (int i = 0; i < chains.size(); i++) {
        List<float[]> filters = chains.get(i).filters;
        double part = Floats.product(filters.getFirst(), results.gradFilters.get(i).getFirst());
        for (int link = 1; link < filters.size(); link++) {
          double other = Floats.product(filters.get(link), results.gradFilters.get(i).get(link));
          if (other != part) {
            return Optional.of(
                "<f, df> of branch %d: %s of part 0, %s of part %d"
                    .formatted(i, part, other, link));
          }
        }
        byFilters += part;
      }
      return forward == byInput && forward == byFilters
          ? Optional.empty()
          : Optional.of(
              "<f(x), y> = %s, <x, dx> = %s, <f, df> = %s".formatted(forward, byInput, byFilters));
    }

    /** Of one element drawn at random of each operand. */
    Optional<Mismatch> differenceFault(Workers workers) {
      Results results = run(workers);
      int x = data.between(0, input.length - 1);
      double expected = 0;
      for (int i = 0; i < chains.size(); i++) {
        expected += chains.get(i).byInput(input, gradOutputs.get(i), x);
      }
      Optional<Mismatch> fault = compare(x, expected, inputs.toDense(results.gradInput));
      for (int i = 0; i < chains.size() && fault.isEmpty(); i++) {
        ExactChain chain = chains.get(i);
        for (int link = 0; link < chain.filters.size() && fault.isEmpty(); link++) {
          int f = data.between(0, chain.filters.get(link).length - 1);
          int b = data.between(0, chain.biases.get(link).length - 1);
          fault =
              compare(
                  f,
                  chain.byFilter(input, gradOutputs.get(i), link, f),
                  results.gradFilters.get(i).get(link));
          if (fault.isEmpty()) {
            fault =
                compare(
                    b,
                    chain.byBias(input, gradOutputs.get(i), link, b),
                    results.gradBiases.get(i).get(link));
          }
        }
      }
      return fault;
    }

    private static Optional<Mismatch> compare(int index, double expected, float... actual) {
      return actual[index] == expected
          ? Optional.empty()
          : Optional.of(new Mismatch(index, expected, actual[index], 0));
    }
  }
}
