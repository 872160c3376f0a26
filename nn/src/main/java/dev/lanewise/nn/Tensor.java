package dev.lanewise.nn;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.shape.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;

/**
 * Numbers with a logical shape, a layout in memory and, if they take part in training, a gradient.
 *
 * <p>The shape is {@code [batch, channels, height, width]} for images, {@code [batch, features]}
 * for vectors, {@code []} for one number. Row-major tensors of any rank have the layout {@link
 * Layout#NCHW}; {@link Layout#NCHW16C} needs at least two dimensions. The shape is always the
 * logical one: padding lanes are not part of it.
 */
public final class Tensor {

  private final int[] shape;
  private final Layout layout;

  private final Elements elements;

  /** Reads the elements of a tensor from where they lie. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Reads all elements, row-major.
     *
     * @param into overwritten from its beginning, the rest is left; several threads may read, each
     *     into an array of its own
     * @throws IOException if they cannot be read
     */
    void read(float[] into) throws IOException;
  }

  private boolean requiresGrad;
  private final Operation source;

  /** Counts changes of the elements in place; views share it. */
  private final int[] version;

  /** Whose buffer the elements lie in, and in which of its cycles; null for any other array. */
  private final Context home;

  private final int cycle;

  /** Whose elements these are; null for a tensor of its own. */
  private final Tensor base;

  private boolean released;
  private boolean retained;

  /** Operations that need these elements for their backward pass, and views of them. */
  private int users;

  private float[] grad;
  private boolean hasGrad;

  private Tensor(Layout layout, float[] data, boolean requiresGrad, int... shape) {
    this(layout, array(layout, data, shape), requiresGrad, null, null, null, shape);
  }

  private Tensor(
      Layout layout,
      Elements elements,
      boolean requiresGrad,
      Operation source,
      Context home,
      Tensor base,
      int... shape) {
    this.shape = shape.clone();
    this.layout = Objects.requireNonNull(layout, "layout");
    this.elements = elements;
    this.requiresGrad = requiresGrad;
    this.source = source;
    this.home = home;
    this.base = base;
    version = base != null ? base.version : new int[1];
    cycle = home == null ? 0 : home.cycle();
  }

  /** Elements of a shape, checked; null data are zeros. */
  private static Elements array(Layout layout, float[] data, int... shape) {
    int length = length(Objects.requireNonNull(layout, "layout"), shape);
    if (data != null) {
      Check.length("tensor " + text(shape), data, length);
    }
    return new Elements(length, data);
  }

  /**
   * A row-major tensor around an array, which is not copied.
   *
   * @throws NullPointerException if an argument is null
   * @throws IllegalArgumentException if a dimension is below 1 or the length is not their product
   */
  public static Tensor of(float[] data, int... shape) {
    return of(Layout.NCHW, data, shape);
  }

  /** A tensor of any layout around an array, which is not copied; padding lanes must be zero. */
  public static Tensor of(Layout layout, float[] data, int... shape) {
    return new Tensor(layout, Objects.requireNonNull(data, "data"), false, shape);
  }

  /** A row-major tensor of zeros. */
  public static Tensor zeros(int... shape) {
    return of(new float[length(Layout.NCHW, shape)], shape);
  }

  /**
   * A row-major tensor of zeros that is trained: {@link #backward()} leaves a gradient in it. Its
   * memory is taken when it is first asked for, since most are {@link #adopt loaded} before.
   */
  public static Tensor parameter(int... shape) {
    return new Tensor(Layout.NCHW, null, true, shape);
  }

  /**
   * A row-major tensor whose elements are read when they are first asked for. {@link #copyTo} reads
   * them without keeping them.
   */
  public static Tensor stored(Reader elements, int... shape) {
    int length = length(Layout.NCHW, shape);
    Elements stored = Elements.stored(length, Objects.requireNonNull(elements, "elements"));
    return new Tensor(Layout.NCHW, stored, false, null, null, null, shape);
  }

  /**
   * A tensor around an array, which is not copied, that {@link #backward()} leaves a gradient in,
   * such as an input whose influence is asked for; padding lanes must be zero.
   */
  public static Tensor variable(Layout layout, float[] data, int... shape) {
    return new Tensor(layout, Objects.requireNonNull(data, "data"), true, shape);
  }

  /** The result of an operation, which is remembered if a gradient must reach it. */
  static Tensor result(
      Operation source, boolean recorded, Layout layout, float[] data, int... shape) {
    Context home = source.context().holds(data) ? source.context() : null;
    Operation remembered = recorded ? source : null;
    return new Tensor(layout, array(layout, data, shape), recorded, remembered, home, null, shape);
  }

  /** A result that shares the elements of another tensor. */
  static Tensor view(Operation source, boolean recorded, Tensor base, int... shape) {
    Operation remembered = recorded ? source : null;
    Elements shared = array(base.layout, base.data(), shape);
    return new Tensor(base.layout, shared, recorded, remembered, base.home, base, shape);
  }

  /** Floats of a tensor, padding lanes included. */
  public static int length(Layout layout, int... shape) {
    for (int dim : shape) {
      Check.that(dim >= 1, "every dimension must be at least 1: %s", text(shape));
    }
    return layout == Layout.NCHW ? Check.elements("tensor", shape) : layout.length(shape);
  }

  /** A shape as messages show it: {@code [64, 1, 32, 32]}. */
  public static String text(int... shape) {
    return Arrays.toString(shape);
  }

  /** The logical dimensions, a copy. */
  public int[] shape() {
    return shape.clone();
  }

  /** One logical dimension. */
  public int dim(int index) {
    return shape[index];
  }

  /**
   * Requires a shape.
   *
   * @param name what the message calls this tensor
   * @throws IllegalArgumentException if the shape is another, stating both
   */
  public void requireShape(String name, int... wanted) {
    Check.that(
        Arrays.equals(shape, wanted),
        "%s must have shape %s, has %s",
        name,
        text(wanted),
        text(shape));
  }

  /** The number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** The number of elements, padding lanes not counted. */
  public int size() {
    return length(Layout.NCHW, shape);
  }

  /** Floats of the array, padding lanes included. */
  private int length() {
    return length(layout, shape);
  }

  /** How the elements lie in {@link #data()}. */
  public Layout layout() {
    return layout;
  }

  /**
   * The live elements in this tensor's layout, padding lanes included. Whoever changes them says so
   * by {@link #changed()}.
   *
   * @throws IllegalStateException if their memory serves something else by now
   * @throws UncheckedIOException if they were in a file and cannot be read
   */
  public float[] data() {
    requireLive();
    return elements.array();
  }

  private void requireLive() {
    if (released || (home != null && cycle != home.cycle())) {
      throw new IllegalStateException(
          "the values of %s are gone: %s"
              .formatted(
                  this,
                  released
                      ? "backward() or discard() gave their memory back; retain() keeps them"
                      : "its context was recycled; copy them before"));
    }
  }

  /** Whether the elements are in a file still, since nobody asked for {@link #data()}. */
  public boolean isStored() {
    return elements.isStored();
  }

  /**
   * Copies the live elements, padding lanes included; those that {@linkplain #isStored() lie in a
   * file} stay there.
   *
   * @param into overwritten from its beginning, the rest is left
   * @throws IllegalArgumentException if it is too short
   * @throws UncheckedIOException if they cannot be read
   */
  public void copyTo(float[] into) {
    Check.that(into.length >= length(), "%s does not fit %d floats", this, into.length);
    if (!elements.copyStored(into)) {
      System.arraycopy(data(), 0, into, 0, length());
    }
  }

  /**
   * Takes over the elements of another row-major tensor of the same shape, without copying them, or
   * reading them if they lie in a file: nobody else may change them any more. What read this
   * tensor's elements before keeps the old ones.
   *
   * @throws IllegalArgumentException if the shape or a layout is another
   */
  public void adopt(Tensor other) {
    other.requireShape("adopted tensor", shape);
    Check.that(
        layout == Layout.NCHW && other.layout == Layout.NCHW,
        "only row-major elements can be adopted, not %s by %s",
        other,
        this);
    other.requireLive();
    elements.adopt(other.elements);
    changed();
  }

  /** Tells that the elements were changed in place. */
  public void changed() {
    version[0]++;
  }

  /** How often the elements were changed. */
  int version() {
    return version[0];
  }

  /**
   * Keeps the elements and the gradient of a computed tensor through {@link #backward()}, until its
   * context is recycled.
   */
  public Tensor retain() {
    retained = true;
    if (base != null) {
      base.retain();
    }
    return this;
  }

  /**
   * Tells that the caller will not use this tensor again: a computed one gives its memory back,
   * unless an operation needs its elements for the backward pass, or shares them.
   */
  public void discard() {
    if (users == 0) {
      release();
    }
  }

  /** Gives the memory of the elements back, if it is a context's and nobody wants it kept. */
  void release() {
    if (home != null && base == null && !retained && !released && cycle == home.cycle()) {
      released = true;
      home.release(elements.array());
    }
  }

  /** One more operation needs the elements after its forward pass. */
  void use() {
    users++;
  }

  /** Whether {@link #backward()} leaves a gradient here. */
  public boolean requiresGrad() {
    return requiresGrad;
  }

  /**
   * Has a parameter be trained, or leaves it as it is: {@link #backward()} then computes no
   * gradient for it.
   *
   * @throws IllegalStateException if it is the result of an operation
   */
  public void train(boolean trained) {
    if (source != null) {
      throw new IllegalStateException("only parameters can be frozen, not " + this);
    }
    requiresGrad = trained;
    hasGrad &= trained;
  }

  /** The gradient in this tensor's layout, or null before a {@link #backward()} reached it. */
  public float[] grad() {
    return hasGrad ? grad : null;
  }

  /** Forgets the gradient; its array is kept for the next one. */
  public void zeroGrad() {
    hasGrad = false;
  }

  /** A row-major copy of the elements. */
  public float[] values() {
    return rowMajor(elements.array());
  }

  /** A row-major copy of the gradient, or null where there is none. */
  public float[] gradValues() {
    return hasGrad ? rowMajor(grad) : null;
  }

  private float[] rowMajor(float[] array) {
    return layout == Layout.NCHW ? array.clone() : Reorder.to(shape, layout, array, Layout.NCHW);
  }

  /**
   * The only element.
   *
   * @throws IllegalArgumentException if there are more
   */
  public float item() {
    Check.that(size() == 1, "a tensor of shape %s is not a single number", text(shape));
    return elements.array()[0];
  }

  /** The same elements in another layout: this tensor itself, or a copy that is off the tape. */
  public Tensor to(Layout target) {
    return target == layout
        ? this
        : of(target, Reorder.to(shape, layout, elements.array(), target), shape.clone());
  }

  /**
   * Computes the gradient of this single number with respect to every tensor it was computed from.
   *
   * <p>Gradients of parameters add up over calls until {@link #zeroGrad()}.
   *
   * @throws IllegalArgumentException if this is not a single number
   * @throws IllegalStateException if it was not computed from parameters by a recording context
   */
  public void backward() {
    Check.that(size() == 1, "backward starts at a single number, not at shape %s", text(shape));
    if (source == null) {
      throw new IllegalStateException(
          "no parameter leads to this tensor, or its context did not record");
    }
    Operation.walkBack(this);
  }

  Operation source() {
    return source;
  }

  /** The array for a gradient, whatever it holds; kept from step to step by parameters. */
  float[] gradArray(Context context) {
    if (grad == null) {
      grad = source == null ? new float[length()] : context.buffer(length());
    }
    hasGrad = true;
    return grad;
  }

  /** Takes over the array of another tensor's gradient as its own, which must have none. */
  void adoptGrad(float[] array) {
    grad = array;
    hasGrad = true;
  }

  /** Forgets a computed tensor's gradient and returns its array, or null if there is none. */
  float[] dropGrad() {
    float[] dropped = grad;
    grad = null;
    hasGrad = false;
    return dropped;
  }

  boolean retained() {
    return retained;
  }

  @Override
  public String toString() {
    return "Tensor" + text(shape) + " " + layout;
  }
}
