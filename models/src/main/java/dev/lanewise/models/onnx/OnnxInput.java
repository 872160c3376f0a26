package dev.lanewise.models.onnx;

import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** An input of a model, and what the model says of it. */
public final class OnnxInput {

  private final String key;
  private final ElementType type;
  private final boolean typed;
  private final boolean ranked;
  private final List<Dimension> dims;

  private OnnxInput(
      String key, ElementType type, boolean typed, boolean ranked, List<Dimension> dims) {
    this.key = Objects.requireNonNull(key);
    this.type = type;
    this.typed = typed;
    this.ranked = ranked;
    this.dims = List.copyOf(dims);
  }

  static OnnxInput of(ValueInfoProto proto) {
    TypeProto.Tensor tensor = proto.getType().getTensorType();
    boolean typed = tensor.getElemType() != 0;
    ElementType type = typed ? ElementType.of(tensor.getElemType()) : ElementType.FLOAT;
    List<Dimension> dims = new ArrayList<>(tensor.getShape().getDimList());
    return new OnnxInput(proto.getName(), type, typed, tensor.hasShape(), dims);
  }

  String key() {
    return key;
  }

  /** Its name in the model. */
  public String name() {
    return Names.printable(key);
  }

  /** The type of its elements, floats if the model does not say. */
  public ElementType type() {
    return type;
  }

  /**
   * Requires that a shape is one that the model allows.
   *
   * @throws IllegalArgumentException if it is not, stating both
   */
  void require(int... shape) {
    boolean fits = !ranked || shape.length == dims.size();
    for (int i = 0; fits && ranked && i < shape.length; i++) {
      fits = !isFixed(dims.get(i)) || dims.get(i).getDimValue() == shape[i];
    }
    Check.that(fits, "input %s is of shape %s, not %s", name(), text(), Arrays.toString(shape));
  }

  /** Requires that a tensor has the shape and the type of this input. */
  void require(OnnxTensor tensor) {
    require(tensor.dims());
    Check.that(
        !typed || tensor.type() == type, "input %s is of %s, not %s", name(), type, tensor.type());
  }

  private static boolean isFixed(Dimension dimension) {
    return dimension.hasDimValue() && dimension.getDimValue() > 0;
  }

  /**
   * A shape that the model allows.
   *
   * @param batch for the first dimension, if it is open
   * @throws IllegalArgumentException if any other is open
   */
  public int[] shape(int batch) {
    int[] shape = new int[dims.size()];
    for (int i = 0; i < shape.length; i++) {
      Dimension dimension = dims.get(i);
      Check.that(i == 0 || isFixed(dimension), "input %s has an open shape, %s", name(), text());
      shape[i] = isFixed(dimension) ? Shapes.toInt("dimension", dimension.getDimValue()) : batch;
    }
    return shape;
  }

  /** The shape as the model states it: {@code [batch, 1, 224, 224]}. */
  private String text() {
    return dims.stream().map(OnnxInput::text).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String text(Dimension dimension) {
    if (isFixed(dimension)) {
      return Long.toString(dimension.getDimValue());
    }
    return dimension.getDimParam().isEmpty() ? "?" : Names.printable(dimension.getDimParam());
  }

  @Override
  public String toString() {
    return name() + " " + type + (ranked ? text() : "");
  }
}
