package dev.lanewise.nn.session;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.nn.graph.Value;
import java.util.List;

/**
 * Copies those parts of a concatenation that do not lie in their place.
 *
 * @param parts to copy
 * @param channels where they begin in the whole
 */
record ConcatStep(List<Value> parts, List<Integer> channels, Value output) implements Step {

  private static final int BLOCK = Layout.BLOCK;

  @Override
  public Runnable bind(Memory memory) {
    List<Runnable> copies = new java.util.ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      copies.add(copy(memory.of(parts.get(i)), parts.get(i), channels.get(i), memory.of(output)));
    }
    Runnable[] all = copies.toArray(Runnable[]::new);
    return () -> {
      for (Runnable copy : all) {
        copy.run();
      }
    };
  }

  private Runnable copy(Slice in, Value part, int first, Slice out) {
    int[] dims = Places.dims(part);
    int pixels = 1;
    for (int axis = 2; axis < dims.length; axis++) {
      pixels *= dims[axis];
    }
    int plane = pixels * BLOCK;
    return () -> {
      for (int n = 0; n < dims[0]; n++) {
        for (int c = 0; c < dims[1]; c++) {
          int from = in.first() + n * in.imageStride() + c / BLOCK * plane + c % BLOCK;
          int channel = first + c;
          int to = out.first() + n * out.imageStride() + channel / BLOCK * plane + channel % BLOCK;
          for (int p = 0; p < plane; p += BLOCK) {
            out.data()[to + p] = in.data()[from + p];
          }
        }
      }
    };
  }

  @Override
  public String algorithm() {
    return parts.isEmpty() ? "in place" : "copy";
  }
}
