package dev.lanewise.nn.session;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.norm.LocalResponseNorm;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.pool.PoolPlan;
import dev.lanewise.kernels.separable.SeparablePlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.graph.Value;
import dev.lanewise.nn.op.Pooling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes steps of stages: plans them and packs their filters. */
final class Compiler {

  private final SessionOptions options;
  private final Workers workers;
  private final Filters filters;

  /** Plans that are there: a network has many layers of few shapes. */
  private final Map<Problem, ConvPlan> plans = new LinkedHashMap<>();

  private final Map<Pair, SeparablePlan> pairs = new LinkedHashMap<>();

  /** What a plan depends on. */
  private record Problem(ConvShape shape, ConvOptions options) {}

  /** What the plan of a depthwise and a pointwise convolution depends on. */
  private record Pair(
      ConvShape depthwise, Activation between, int outChannels, ConvOptions options) {}

  Compiler(SessionOptions options, Workers workers, Filters filters) {
    this.options = options;
    this.workers = workers;
    this.filters = filters;
  }

  /** Whether a stage can read an input that is NCHW. */
  boolean takesPlanar(Stage stage) {
    return stage.operator() instanceof Operator.Convolution convolution
        && stage.residual() == null
        && stage.depthwise() == null
        && plan(stage, convolution.shape()).takesPlanar();
  }

  /** Calls, one a plan, that have the compiler do its best with what stages will run. */
  List<Runnable> warmUps(List<Stage> stages, Places places) {
    List<Runnable> others = new ArrayList<>();
    for (Stage stage : stages) {
      switch (stage.operator()) {
        case Operator.Convolution convolution when stage.depthwise() != null ->
            separable(stage, convolution);
        case Operator.Convolution convolution -> plan(stage, convolution.shape());
        case Operator.Linear(Tensor weight, _) -> plan(stage, denseShape(stage, weight));
        default -> others.add(step(stage, places)::warmUp);
      }
    }
    synchronized (plans) {
      return Stream.of(
              plans.values().stream().<Runnable>map(plan -> plan::warmUp),
              pairs.values().stream().<Runnable>map(plan -> plan::warmUp),
              others.stream())
          .flatMap(calls -> calls)
          .toList();
    }
  }

  private ConvPlan plan(Stage stage, ConvShape shape) {
    Problem problem = new Problem(shape, convOptions(stage));
    synchronized (plans) {
      return plans.computeIfAbsent(problem, key -> ConvPlan.of(key.shape, key.options));
    }
  }

  /** Makes a step; several threads may do so, each with stages of its own. */
  Step step(Stage stage, Places places) {
    return switch (stage.operator()) {
      case Operator.Convolution convolution when stage.depthwise() != null ->
          pair(stage, convolution);
      case Operator.Convolution convolution -> convolution(stage, convolution);
      case Operator.Linear(Tensor weight, Tensor bias) -> dense(stage, weight, bias);
      case Operator.BatchNorm norm -> AffineStep.norm(stage, norm, workers);
      case Operator.ChannelProduct() -> AffineStep.product(stage, workers);
      case Operator.Pool pool -> new PoolStep(pool(pool), stage.input(), stage.output());
      case Operator.AdaptivePool pool ->
          new PoolStep(adaptivePool(stage, pool), stage.input(), stage.output());
      case Operator.Flatten() -> new FlattenStep(stage.input(), stage.output());
      case Operator.Concatenation() -> concatenation(stage, places);
      case Operator.Activate(Activation activation) ->
          AffineStep.scale("activation", stage, 1, activation, workers);
      case Operator.Scale(float factor) ->
          AffineStep.scale("scale", stage, factor, Activation.IDENTITY, workers);
      case Operator.Sum(Activation activation) ->
          new SumStep(
              activation,
              stage.operands().getFirst(),
              stage.operands().getLast(),
              stage.output(),
              workers);
      case Operator.ResponseNorm(var window) ->
          new ResponseNormStep(
              LocalResponseNorm.of(
                  Places.dims(stage.input()),
                  window.size(),
                  window.alpha(),
                  window.beta(),
                  window.k(),
                  workers),
              stage.input(),
              stage.output());
      case Operator.PadChannels _ -> new PadStep(stage.input(), stage.output());
      case Operator.Identity _, Operator.NegativeSquaredDistance _, Operator.Other _ ->
          new OtherStep(stage.operator(), stage.operands(), stage.output(), workers);
    };
  }

  private ConvOptions convOptions(Stage stage) {
    ConvOptions conv =
        ConvOptions.defaults()
            .withWorkers(workers)
            .withAccuracy(options.accuracy())
            .withActivation(stage.activation());
    if (options.wisdom().isPresent()) {
      conv = conv.withWisdom(options.wisdom().get());
    }
    if (options.race()) {
      conv = conv.withRace();
    }
    return stage.residual() == null ? conv : conv.withResidual();
  }

  private Step convolution(Stage stage, Operator.Convolution convolution) {
    ConvPlan plan = plan(stage, convolution.shape());
    PackedFilter filter =
        filters.packed(plan, convolution.weight(), convolution.bias(), stage.norm());
    return stage.stem()
        ? new StemStep(plan, filter, stage.output())
        : new ConvStep(plan, filter, stage.input(), stage.residual(), stage.output());
  }

  private SeparablePlan separable(Stage stage, Operator.Convolution pointwise) {
    Stage before = stage.depthwise();
    Pair pair =
        new Pair(
            ((Operator.Convolution) before.operator()).shape(),
            before.activation(),
            pointwise.shape().outChannels(),
            convOptions(stage));
    synchronized (plans) {
      return pairs.computeIfAbsent(
          pair, key -> SeparablePlan.of(key.depthwise, key.outChannels, key.between, key.options));
    }
  }

  private Step pair(Stage stage, Operator.Convolution pointwise) {
    SeparablePlan plan = separable(stage, pointwise);
    Operator.Convolution depthwise = (Operator.Convolution) stage.depthwise().operator();
    return new SeparableStep(
        plan,
        filters.packed(plan, depthwise, stage.depthwise().norm(), pointwise, stage.norm()),
        depthwise.shape().multiplyAdds() + pointwise.shape().multiplyAdds(),
        stage.input(),
        stage.residual(),
        stage.output());
  }

  /** A pointwise convolution of one image, whose pixels are the rows. */
  private static ConvShape denseShape(Stage stage, Tensor weight) {
    int rows = stage.output().dim(0);
    return ConvShape.conv2d(1, weight.dim(1), 1, rows, weight.dim(0), 1, 1);
  }

  private Step dense(Stage stage, Tensor weight, Tensor bias) {
    ConvPlan plan = plan(stage, denseShape(stage, weight));
    return new ConvStep(
        plan, filters.packed(plan, weight, bias, null), stage.input(), null, stage.output());
  }

  private PoolPlan pool(Operator.Pool pool) {
    return Pooling.plan(pool.shape(), pool.kind(), workers);
  }

  private PoolPlan adaptivePool(Stage stage, Operator.AdaptivePool pool) {
    int[] size = pool.size().stream().mapToInt(i -> i).toArray();
    int[] dims = stage.input().shape();
    return pool.max()
        ? PoolPlan.adaptiveMax(dims, size, workers)
        : PoolPlan.adaptiveAverage(dims, size, workers);
  }

  private static Step concatenation(Stage stage, Places places) {
    List<Value> parts = new ArrayList<>();
    List<Integer> channels = new ArrayList<>();
    int channel = 0;
    for (Value part : stage.operands()) {
      if (!places.inPlace(part, stage.output(), channel)) {
        parts.add(part);
        channels.add(channel);
      }
      channel += part.dim(1);
    }
    return new ConcatStep(parts, channels, stage.output());
  }
}
