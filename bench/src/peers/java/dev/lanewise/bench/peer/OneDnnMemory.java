package dev.lanewise.bench.peer;

import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/** Brings arrays into oneDNN's layouts and back. */
final class OneDnnMemory {

  private static final List<format_tag> PLAIN =
      List.of(
          format_tag.x,
          format_tag.ab,
          format_tag.abc,
          format_tag.abcd,
          format_tag.abcde,
          format_tag.abcdef);

  private final engine cpu;
  private final stream queue;

  OneDnnMemory(engine cpu, stream queue) {
    this.cpu = cpu;
    this.queue = queue;
  }

  /** The layout is the library's choice. */
  static memory.desc any(long[] dims) {
    return new memory.desc(dims, data_type.f32, format_tag.any);
  }

  static memory.desc plain(long[] dims) {
    return new memory.desc(dims, data_type.f32, PLAIN.get(dims.length - 1));
  }

  /** OIHW, or GOIHW where there is more than one group. */
  static long[] filterDims(ConvShape shape) {
    long[] dims = longs(shape.filterDims());
    if (shape.groups() == 1) {
      return dims;
    }
    long[] grouped = new long[dims.length + 1];
    System.arraycopy(dims, 0, grouped, 1, dims.length);
    grouped[0] = shape.groups();
    grouped[1] = shape.outChannels() / shape.groups();
    return grouped;
  }

  static long[] longs(int... dims) {
    return Arrays.stream(dims).asLongStream().toArray();
  }

  memory empty(memory.desc layout) {
    return new memory(layout, cpu);
  }

  /** A copy of plain values in the layout that the library wants. */
  memory placed(float[] values, long[] dims, memory.desc wanted) {
    memory plain = empty(plain(dims));
    floats(plain).put(values);
    memory result = empty(wanted);
    copy(plain, result);
    return result;
  }

  /** The values in their plain layout. */
  float[] values(memory from, long[] dims) {
    memory plain = empty(plain(dims));
    copy(from, plain);
    float[] values = new float[Math.toIntExact(Arrays.stream(dims).reduce(1, (a, b) -> a * b))];
    floats(plain).get(values);
    return values;
  }

  private void copy(memory from, memory to) {
    new reorder(from, to).execute(queue, from, to);
    queue._wait();
  }

  private static FloatPointer floats(memory values) {
    return new FloatPointer(values.get_data_handle());
  }
}
