package dev.lanewise.models.onnx.tensor;

import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * A tensor of a model: an element type, dimensions, and elements in row-major order.
 *
 * <p>Floating point elements of every type are handed out as doubles, rounded to their type, and
 * whole ones as longs; so an operator is written once for each of the two. Floats are kept as such,
 * since weights are many. Immutable by convention: nobody changes an array after it went in or came
 * out.
 */
public final class OnnxTensor {

  private final ElementType type;
  private final int[] dims;

  /** One of the three is there: of {@link ElementType#FLOAT}, other real, and whole types. */
  private final float[] floats;

  private final double[] reals;
  private final long[] wholes;

  private OnnxTensor(ElementType type, float[] floats, double[] reals, long[] wholes, int... dims) {
    this.type = type;
    this.floats = floats;
    this.reals = reals;
    this.wholes = wholes;
    this.dims = dims;
    Check.that(
        Limits.given(dims) == size(),
        "dimensions %s do not fit %d elements",
        Arrays.toString(dims),
        size());
  }

  /** A tensor of a floating point type; the values are rounded to it in place. */
  public static OnnxTensor ofReals(ElementType type, double[] values, int... dims) {
    if (type == ElementType.FLOAT) {
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      return new OnnxTensor(type, floats, null, null, dims);
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = type.round(values[i]);
    }
    return new OnnxTensor(type, null, values, null, dims);
  }

  /** A tensor of a whole type or of booleans; the values are wrapped to it in place. */
  public static OnnxTensor ofWholes(ElementType type, long[] values, int... dims) {
    for (int i = 0; i < values.length; i++) {
      values[i] = type.wrap(values[i]);
    }
    return new OnnxTensor(type, null, null, values, dims);
  }

  /** A tensor of floats around an array, which is not copied. */
  public static OnnxTensor ofFloats(float[] values, int... dims) {
    return new OnnxTensor(ElementType.FLOAT, values, null, null, dims);
  }

  /** A tensor of a floating point type, which the values are rounded to. */
  public static OnnxTensor ofFloats(ElementType type, float[] values, int... dims) {
    if (type == ElementType.FLOAT) {
      return ofFloats(values, dims);
    }
    double[] reals = new double[values.length];
    Arrays.setAll(reals, i -> values[i]);
    return ofReals(type, reals, dims);
  }

  /** A tensor of zeros. */
  public static OnnxTensor zeros(ElementType type, int... dims) {
    int size = Limits.elements(dims);
    return switch (type) {
      case FLOAT -> ofFloats(new float[size], dims);
      case FLOAT16, BFLOAT16, DOUBLE -> ofReals(type, new double[size], dims);
      default -> ofWholes(type, new long[size], dims);
    };
  }

  /** A vector of whole numbers, as shapes are. */
  public static OnnxTensor vector(long... values) {
    return ofWholes(ElementType.INT64, values, values.length);
  }

  /** The type of the elements. */
  public ElementType type() {
    return type;
  }

  /** Whether the elements are floating point numbers. */
  public boolean isReal() {
    return type.isReal();
  }

  /** The dimensions, outermost first; none for a scalar. */
  public int[] dims() {
    return dims;
  }

  /** Number of dimensions. */
  public int rank() {
    return dims.length;
  }

  /** Number of elements. */
  public int size() {
    if (floats != null) {
      return floats.length;
    }
    return reals != null ? reals.length : wholes.length;
  }

  /** An element as a double. */
  public double real(int index) {
    checkIndex(index);
    if (floats != null) {
      return floats[index];
    }
    return reals != null ? reals[index] : wholes[index];
  }

  /** An element as a long, a fraction cut off. */
  public long whole(int index) {
    checkIndex(index);
    return wholes != null ? wholes[index] : (long) real(index);
  }

  private void checkIndex(int index) {
    if (index >= size()) {
      throw new IllegalArgumentException("%s has no element %d".formatted(this, index));
    }
  }

  /** All elements as doubles. */
  public double[] reals() {
    double[] doubles = reals;
    if (doubles == null) {
      doubles = new double[size()];
      Arrays.setAll(doubles, this::real);
    }
    return doubles;
  }

  /** All elements as longs, fractions cut off. */
  public long[] wholes() {
    long[] longs = wholes;
    if (longs == null) {
      longs = new long[size()];
      Arrays.setAll(longs, this::whole);
    }
    return longs;
  }

  /** All elements as floats: what kernels take. */
  public float[] floats() {
    float[] values = floats;
    if (values == null) {
      values = new float[size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) real(i);
      }
    }
    return values;
  }

  /**
   * All elements as ints.
   *
   * @param name what messages call the tensor
   * @throws IllegalArgumentException if an element is below -2^31 or above 2^31 - 1
   */
  public int[] ints(String name) {
    return Arrays.stream(wholes()).mapToInt(value -> Shapes.toInt(name, value)).toArray();
  }

  /**
   * The same elements with other dimensions.
   *
   * @throws IllegalArgumentException if their product is another one
   */
  public OnnxTensor withDims(int... newDims) {
    return new OnnxTensor(type, floats, reals, wholes, newDims);
  }

  /**
   * The elements converted: to a floating point type rounded, to a whole type cut off and wrapped,
   * to a boolean compared with zero.
   */
  public OnnxTensor cast(ElementType to) {
    if (to == type) {
      return this;
    }
    if (to.isReal()) {
      return ofReals(to, reals().clone(), dims);
    }
    if (to == ElementType.BOOL) {
      long[] truths = new long[size()];
      Arrays.setAll(truths, i -> real(i) != 0 ? 1 : 0);
      return ofWholes(to, truths, dims);
    }
    return ofWholes(to, wholes().clone(), dims);
  }

  /**
   * A tensor of the same type whose elements are taken from this one: what every operator is that
   * only moves elements.
   *
   * @param newDims dimensions of the result
   * @param source index here for each index of the result
   */
  public OnnxTensor pick(int[] newDims, IntUnaryOperator source) {
    return pick(newDims, source, this);
  }

  /**
   * Likewise, where an index of -1 stands for a value from elsewhere.
   *
   * @param fill of this type; its first element is that value
   */
  public OnnxTensor pick(int[] newDims, IntUnaryOperator source, OnnxTensor fill) {
    Check.that(
        fill.type == type && (fill.size() > 0 || size() == 0),
        "a fill of %s for a tensor of %s",
        fill,
        this);
    int size = Limits.elements(newDims);
    if (floats != null) {
      float[] picked = new float[size];
      for (int i = 0; i < size; i++) {
        int index = source.applyAsInt(i);
        picked[i] = index == -1 ? fill.floats[0] : floats[index];
      }
      return ofFloats(picked, newDims);
    }
    if (reals != null) {
      double[] picked = new double[size];
      for (int i = 0; i < size; i++) {
        int index = source.applyAsInt(i);
        picked[i] = index == -1 ? fill.reals[0] : reals[index];
      }
      return new OnnxTensor(type, null, picked, null, newDims);
    }
    long[] picked = new long[size];
    for (int i = 0; i < size; i++) {
      int index = source.applyAsInt(i);
      picked[i] = index == -1 ? fill.wholes[0] : wholes[index];
    }
    return new OnnxTensor(type, null, null, picked, newDims);
  }

  @Override
  public String toString() {
    return type + Arrays.toString(dims);
  }
}
