package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * What passes between layers when nothing is computed: a shape, and the patch of the network's
 * input that one element sees, as it grows from layer to layer (Araujo, Norris, Sim, 2019).
 */
public final class Flow {

  private final int[] whole;
  private final int[] shape;
  private final int[] field;
  private final int[] jump;

  private Flow(int[] whole, int[] shape, int[] field, int... jump) {
    this.whole = whole;
    this.shape = shape;
    this.field = field;
    this.jump = jump;
  }

  /** The input of a network, {@code [batch, channels, spatial...]}: each element sees itself. */
  public static Flow of(int... inputShape) {
    int[] whole = Arrays.copyOfRange(inputShape, Math.min(2, inputShape.length), inputShape.length);
    int[] ones = new int[whole.length];
    Arrays.fill(ones, 1);
    return new Flow(whole, inputShape.clone(), ones, ones);
  }

  /** The logical dimensions, batch first. */
  public int[] shape() {
    return shape.clone();
  }

  /** Size of the patch in each spatial dimension of the network's input. */
  public int[] receptiveField() {
    return field.clone();
  }

  /** The flow out of a leaf layer. */
  Flow through(Layer leaf) {
    int[] output = leaf.outputShape(shape);
    if (leaf.seesAll()) {
      return new Flow(whole, output, whole, jump);
    }
    List<Axis> windows = leaf.windows(shape);
    int[] newField = field.clone();
    int[] newJump = jump.clone();
    for (int i = 0; i < windows.size(); i++) {
      newField[i] += (windows.get(i).extent() - 1) * jump[i];
      newJump[i] *= windows.get(i).stride();
    }
    return new Flow(whole, output, newField, newJump);
  }

  /** This flow with another shape. */
  public Flow withShape(int... newShape) {
    return new Flow(whole, newShape.clone(), field, jump);
  }

  /** This flow where another is combined with it: what that has seen is seen too. */
  public Flow joined(Flow other) {
    int[] both = field.clone();
    Arrays.setAll(both, i -> Math.max(field[i], other.field[i]));
    return new Flow(whole, shape, both, jump);
  }

  @Override
  public String toString() {
    return Tensor.text(shape);
  }
}
