package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.nn.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What can be said of a layer without running it.
 *
 * @param name full name in the network
 * @param type kind of layer
 * @param outputShape output of one batch
 * @param parameters trained values
 * @param multiplyAdds products of one batch
 * @param activationBytes memory of the output's elements
 * @param receptiveField height and width of the patch of the network's input that one output
 *     element sees; the whole input for dense layers
 * @param lostPixels output positions of one image that windows hanging over the border would have
 *     added: {@code ceil(input / stride)} an axis against the actual output
 */
public record LayerInfo(
    String name,
    String type,
    List<Integer> outputShape,
    long parameters,
    long multiplyAdds,
    long activationBytes,
    List<Integer> receptiveField,
    long lostPixels) {

  /**
   * Describes each leaf layer of a network in order.
   *
   * @param inputShape {@code [batch, channels, height, width]}
   * @throws IllegalArgumentException if the shape does not fit the network
   */
  public static List<LayerInfo> of(Network network, int... inputShape) {
    network.body().outputShape(inputShape);
    List<LayerInfo> infos = new ArrayList<>();
    Field field = new Field(inputShape);
    int[] shape = inputShape;
    for (Map.Entry<String, Layer> leaf : network.leaves().entrySet()) {
      Layer layer = leaf.getValue();
      int[] output = layer.outputShape(shape);
      field.pass(layer, shape);
      long elements = 1;
      for (int dim : output) {
        elements *= dim;
      }
      infos.add(
          new LayerInfo(
              leaf.getKey(),
              layer.type(),
              boxed(output),
              layer.parameters().values().stream().mapToLong(Tensor::size).sum(),
              layer.multiplyAdds(shape),
              elements * Float.BYTES,
              boxed(field.size),
              lost(layer.windows(shape), output)));
      shape = output;
    }
    return infos;
  }

  private static List<Integer> boxed(int... values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static long lost(List<Axis> windows, int... output) {
    long kept = 1;
    long possible = 1;
    for (int i = 0; i < windows.size(); i++) {
      Axis axis = windows.get(i);
      kept *= output[2 + i];
      possible *= Math.ceilDiv(axis.input(), axis.stride());
    }
    return Math.max(0, possible - kept);
  }

  /** The receptive field as it grows from layer to layer (Araujo, Norris, Sim, 2019). */
  private static final class Field {
    private final int[] whole;
    private int[] size;
    private final int[] jump;

    Field(int... inputShape) {
      whole = Arrays.copyOfRange(inputShape, 2, inputShape.length);
      size = new int[whole.length];
      jump = new int[whole.length];
      Arrays.fill(size, 1);
      Arrays.fill(jump, 1);
    }

    void pass(Layer layer, int... inputShape) {
      if (layer.seesAll()) {
        size = whole.clone();
        return;
      }
      List<Axis> windows = layer.windows(inputShape);
      for (int i = 0; i < windows.size(); i++) {
        size[i] += (windows.get(i).extent() - 1) * jump[i];
        jump[i] *= windows.get(i).stride();
      }
    }
  }
}
