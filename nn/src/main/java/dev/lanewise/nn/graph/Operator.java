package dev.lanewise.nn.graph;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Add;
import dev.lanewise.nn.op.Arithmetic;
import dev.lanewise.nn.op.ChannelScale;
import dev.lanewise.nn.op.Concat;
import dev.lanewise.nn.op.Dense;
import dev.lanewise.nn.op.Elementwise;
import dev.lanewise.nn.op.LocalResponse;
import dev.lanewise.nn.op.Normalization;
import dev.lanewise.nn.op.Normalization.Affine;
import dev.lanewise.nn.op.Normalization.Epilogue;
import dev.lanewise.nn.op.Normalization.Running;
import dev.lanewise.nn.op.Pooling;
import dev.lanewise.nn.op.Reduce;
import dev.lanewise.nn.op.Reshape;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** What a node of a graph computes when a network is in use, for inputs of known shapes. */
public sealed interface Operator {

  /** Computes the output; a context that records can go back through it. */
  Tensor apply(List<Tensor> inputs, Context context);

  /** The input itself: what dropout is in use. */
  record Identity() implements Operator {
    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      return inputs.getFirst();
    }
  }

  /**
   * A convolution.
   *
   * @param shape the problem, batch included
   * @param weight {@code shape.filterDims()}
   * @param bias {@code [outChannels]}, or null for none
   */
  record Convolution(ConvShape shape, Tensor weight, Tensor bias) implements Operator {
    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      return dev.lanewise.nn.op.Convolution.apply(inputs.getFirst(), weight, bias, shape, context);
    }
  }

  /** A batch norm by its running averages. */
  record BatchNorm(Affine affine, Running running) implements Operator {
    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      return Normalization.frozenBatch(inputs.getFirst(), affine, running, Epilogue.NONE, context);
    }
  }

  /** A function of each element. */
  record Activate(Activation activation) implements Operator {
    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      return Elementwise.apply(inputs.getFirst(), activation, context);
    }
  }

  /** Pooling over windows. */
  record Pool(PoolShape shape, Pooling.Kind kind) implements Operator {
    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      return Pooling.apply(inputs.getFirst(), shape, kind, context);
    }
  }

  /**
   * Pooling to a size.
   *
   * @param max whether the greatest value is taken, else the mean
   * @param size of the output, for each spatial dimension
   */
  record AdaptivePool(boolean max, List<Integer> size) implements Operator {
    /** Copies the list. */
    public AdaptivePool {
      size = List.copyOf(size);
    }

    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      int[] windows = size.stream().mapToInt(i -> i).toArray();
      return max
          ? Pooling.adaptiveMax(inputs.getFirst(), context, windows)
          : Pooling.adaptiveAverage(inputs.getFirst(), context, windows);
    }
  }

  /**
   * A dense layer.
   *
   * @param weight {@code [out, in]}
   * @param bias {@code [out]}
   */
  record Linear(Tensor weight, Tensor bias) implements Operator {
    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      return Dense.apply(inputs.getFirst(), weight, bias, context);
    }
  }

  /** Each sample as one row: {@code [n, ...]} to {@code [n, features]}, in row-major order. */
  record Flatten() implements Operator {
    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      Tensor input = inputs.getFirst();
      int samples = input.dim(0);
      int features = 1;
      for (int axis = 1; axis < input.rank(); axis++) {
        features *= input.dim(axis);
      }
      return Reshape.apply(input, context, samples, features);
    }
  }

  /** The sum of two inputs of one shape and an activation of it. */
  record Sum(Activation activation) implements Operator {
    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      return Add.apply(inputs.getFirst(), inputs.getLast(), activation, context);
    }
  }

  /** Inputs side by side in the channels. */
  record Concatenation() implements Operator {
    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      return Concat.channels(inputs, context);
    }
  }

  /** The first input, each of its channels times a number: the second, {@code [n, c, 1, ...]}. */
  record ChannelProduct() implements Operator {
    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      return ChannelScale.apply(inputs.getFirst(), inputs.getLast(), context);
    }
  }

  /** Local response norm over neighbouring channels. */
  record ResponseNorm(LocalResponse.Window window) implements Operator {
    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      return LocalResponse.apply(inputs.getFirst(), window, context);
    }
  }

  /**
   * Channels of zeros after those of the input.
   *
   * @param channels of the output
   */
  record PadChannels(int channels) implements Operator {
    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      Tensor input = inputs.getFirst();
      int[] shape = input.shape();
      shape[1] = channels - shape[1];
      if (shape[1] == 0) {
        return input;
      }
      float[] zeros = context.buffer(input.layout().length(shape));
      Arrays.fill(zeros, 0);
      return Concat.channels(List.of(input, Tensor.of(input.layout(), zeros, shape)), context);
    }
  }

  /** {@code y = factor x}. */
  record Scale(float factor) implements Operator {
    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      return dev.lanewise.nn.op.Scale.apply(inputs.getFirst(), factor, 0, context);
    }
  }

  /**
   * The negative squared distance of each row from each of some points: {@code [n, f]} to {@code
   * [n, points]}.
   *
   * @param points {@code [1, points, f]}
   */
  record NegativeSquaredDistance(Tensor points) implements Operator {
    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      Tensor input = inputs.getFirst();
      Tensor rows = Reshape.apply(input, context, input.dim(0), 1, input.dim(1));
      Tensor difference = Arithmetic.subtract(rows, points, context);
      Tensor squares = Arithmetic.multiply(difference, difference, context);
      return dev.lanewise.nn.op.Scale.apply(Reduce.sum(squares, context, 2), -1, 0, context);
    }
  }

  /** A function of tensors. */
  @FunctionalInterface
  interface Function {
    /** Computes the output. */
    Tensor apply(List<Tensor> inputs, Context context);
  }

  /**
   * Anything else, which runs as it stands.
   *
   * @param type what it is, for people
   */
  record Other(String type, Function function) implements Operator {
    /** Checks that both are there. */
    public Other {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(function, "function");
    }

    @Override
    public Tensor apply(List<Tensor> inputs, Context context) {
      return function.apply(inputs, context);
    }
  }
}
