package dev.lanewise.bench.peer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import dev.lanewise.verify.check.Data;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is to be computed, with its data in plain layouts and the number of threads that may compute
 * it: one direction of one convolution, or several convolutions forward, each on the output of the
 * one before.
 */
public final class Problem implements Job {

  private static final long SEED = 1;

  private final Direction direction;
  private final List<Stage> stages;
  private final float[] input;
  private final float[] gradOutput;
  private final int threads;

  /**
   * One convolution of the problem.
   *
   * @param shape its shape
   * @param filter OIHW, {@link ConvShape#filterDims()}; not to be changed
   * @param bias one value an output channel; not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Stage(ConvShape shape, float[] filter, float[] bias) {

    private static Stage random(ConvShape shape, Data data) {
      return new Stage(shape, data.reals(shape.filterLength()), data.reals(shape.outChannels()));
    }
  }

  private Problem(Direction direction, List<ConvShape> shapes, int threads) {
    this.direction = direction;
    this.threads = threads;
    for (ConvShape shape : shapes) {
      Check.that(
          shape.paddingMode() == PaddingMode.ZERO, "libraries are compared on padding with zeros");
    }
    Data data = new Data(SEED);
    input = data.reals(elements(shapes.getFirst().inputDims()));
    stages = shapes.stream().map(shape -> Stage.random(shape, data)).toList();
    boolean forward = direction == Direction.FORWARD;
    gradOutput = data.reals(forward ? 0 : elements(shapes.getLast().outputDims()));
  }

  /** One convolution whose values are uniform in [-1, 1), the same for every call. */
  public static Problem of(ConvShape shape, Direction direction, int threads) {
    return new Problem(direction, List.of(shape), threads);
  }

  /**
   * Convolutions forward, back to back, with values as in {@link #of}.
   *
   * @throws IllegalArgumentException if an input is not of the dimensions of the output before it
   */
  public static Problem chain(List<ConvShape> shapes, int threads) {
    for (int i = 1; i < shapes.size(); i++) {
      String before = List.of(boxed(shapes.get(i - 1).outputDims())).toString();
      String after = List.of(boxed(shapes.get(i).inputDims())).toString();
      Check.that(before.equals(after), "an output %s is no input %s", before, after);
    }
    return new Problem(Direction.FORWARD, shapes, threads);
  }

  private static Integer[] boxed(int... dims) {
    return Arrays.stream(dims).boxed().toArray(Integer[]::new);
  }

  private static int elements(int... dims) {
    return Check.elements("tensor", dims);
  }

  public Direction direction() {
    return direction;
  }

  /** The convolutions in the order in which they run; one unless the direction is forward. */
  public List<Stage> stages() {
    return stages;
  }

  /**
   * The shape of the only convolution.
   *
   * @throws IllegalArgumentException if there are several
   */
  public ConvShape shape() {
    Check.that(stages.size() == 1, "%d convolutions have no one shape", stages.size());
    return stages.getFirst().shape();
  }

  /** NCHW, the first convolution's {@link ConvShape#inputDims()}; not to be changed. */
  public float[] input() {
    return input;
  }

  /** NCHW, the last {@link ConvShape#outputDims()}; empty if forward; not to be changed. */
  public float[] gradOutput() {
    return gradOutput;
  }

  public int threads() {
    return threads;
  }

  /** Dimensions of what is computed, in its plain layout. */
  public int[] resultDims() {
    return switch (direction) {
      case FORWARD -> stages.getLast().shape().outputDims();
      case DATA -> shape().inputDims();
      case FILTER -> shape().filterDims();
    };
  }

  @Override
  public Peer.Prepared on(Peer peer) {
    return peer.prepare(this);
  }

  /** Operations of the direct definition, two a multiply-add, products with padding included. */
  @Override
  public double flops() {
    return stages.stream().mapToDouble(stage -> 2.0 * stage.shape().multiplyAdds()).sum();
  }

  /**
   * Bytes that must at least be moved between memory and processor: the operands once each and the
   * result once, without what lies between two convolutions.
   */
  @Override
  public double bytes() {
    Stream<int[]> filters = stages.stream().map(stage -> stage.shape().filterDims());
    Stream<int[]> ends =
        Stream.of(stages.getFirst().shape().inputDims(), stages.getLast().shape().outputDims());
    return Float.BYTES * Stream.concat(filters, ends).mapToDouble(Problem::elements).sum();
  }
}
