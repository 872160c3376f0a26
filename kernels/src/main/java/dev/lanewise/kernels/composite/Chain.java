package dev.lanewise.kernels.composite;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Convolutions one after the other, each with an activation of its own.
 *
 * @param links the convolutions, first to last; each takes what the one before it gives
 */
public record Chain(List<Link> links) {

  /**
   * One convolution of a chain.
   *
   * @param shape its problem
   * @param activation applied to its output
   */
  public record Link(ConvShape shape, Activation activation) {

    /** Checks that neither is null. */
    public Link {
      Objects.requireNonNull(shape, "shape");
      Objects.requireNonNull(activation, "activation");
    }
  }

  /**
   * Validates the chain.
   *
   * @throws IllegalArgumentException if it is empty or a link's input is not the output of the one
   *     before
   */
  public Chain {
    links = List.copyOf(links);
    Check.that(!links.isEmpty(), "a chain has at least one convolution");
    for (int i = 1; i < links.size(); i++) {
      int[] output = links.get(i - 1).shape.outputDims();
      int[] input = links.get(i).shape.inputDims();
      Check.that(
          Arrays.equals(output, input),
          "convolution %d of a chain takes %s, but the one before it gives %s",
          i,
          Arrays.toString(input),
          Arrays.toString(output));
    }
  }

  /** A chain of some convolutions, all with the same activation. */
  public static Chain of(Activation activation, ConvShape... shapes) {
    return new Chain(Arrays.stream(shapes).map(shape -> new Link(shape, activation)).toList());
  }

  /**
   * A convolution cut into one for each axis: k x 1, then 1 x k. The first maps the input channels
   * to {@code middleChannels}, the last those to the output channels. Stride, padding and dilation
   * of an axis go with its kernel.
   *
   * @param shape the convolution that the chain stands for
   * @param middle activation of all links but the last
   * @param last activation of the last
   * @throws IllegalArgumentException if the groups do not divide the middle channels
   */
  public static Chain spatiallySeparable(
      ConvShape shape, int middleChannels, Activation middle, Activation last) {
    int count = shape.axes().size();
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int in = i == 0 ? shape.inChannels() : middleChannels;
      int out = i == count - 1 ? shape.outChannels() : middleChannels;
      links.add(new Link(along(shape, i, in, out, shape.groups()), i == count - 1 ? last : middle));
    }
    return new Chain(links);
  }

  /**
   * A flattened convolution: across the channels of each pixel (C x 1 x 1), then along each axis of
   * each channel on its own (1 x Y x 1 and 1 x 1 x X). Jin, Dundar and Culurciello, "Flattened
   * convolutional neural networks for feedforward acceleration", 2015.
   *
   * @param shape the convolution that the chain stands for
   * @param middle activation of all links but the last
   * @param last activation of the last
   */
  public static Chain flattened(ConvShape shape, Activation middle, Activation last) {
    int out = shape.outChannels();
    int count = shape.axes().size();
    List<Link> links = new ArrayList<>();
    List<Axis> pixels = shape.axes().stream().map(axis -> Axis.of(axis.input(), 1)).toList();
    links.add(
        new Link(
            new ConvShape(shape.batch(), shape.inChannels(), out, shape.groups(), pixels), middle));
    for (int i = 0; i < count; i++) {
      links.add(new Link(along(shape, i, out, out, out), i == count - 1 ? last : middle));
    }
    return new Chain(links);
  }

  /** The part of a convolution along one axis: those before are done, those after yet to come. */
  private static ConvShape along(ConvShape shape, int axis, int in, int out, int groups) {
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < shape.axes().size(); i++) {
      Axis own = shape.axes().get(i);
      axes.add(i == axis ? own : Axis.of(i < axis ? own.output() : own.input(), 1));
    }
    return new ConvShape(shape.batch(), in, out, groups, axes, shape.paddingMode());
  }

  /** Dimensions of the first input. */
  public int[] inputDims() {
    return links.getFirst().shape.inputDims();
  }

  /** Dimensions of the last output. */
  public int[] outputDims() {
    return links.getLast().shape.outputDims();
  }
}
