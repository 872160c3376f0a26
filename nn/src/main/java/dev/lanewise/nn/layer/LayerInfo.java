package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.nn.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    List<LayerInfo> infos = new ArrayList<>();
    Trace trace = Trace.whole((path, layer, in, out) -> infos.add(of(path, layer, in, out)));
    network.body().trace(Flow.of(inputShape), trace);
    return infos;
  }

  private static LayerInfo of(String path, Layer layer, Flow in, Flow out) {
    int[] input = in.shape();
    int[] output = out.shape();
    return new LayerInfo(
        path,
        layer.type(),
        boxed(output),
        layer.parameters().values().stream().mapToLong(Tensor::size).sum(),
        layer.multiplyAdds(input),
        Arrays.stream(output).asLongStream().reduce(Float.BYTES, (a, b) -> a * b),
        boxed(out.receptiveField()),
        lost(layer.windows(input), output));
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
}
