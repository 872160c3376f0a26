package dev.lanewise.nn;

import dev.lanewise.kernels.layout.Layout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One entry of the tape: what was computed from which tensors, and how a gradient flows back.
 *
 * <p>A subclass is one kind of operation. Its static method {@code apply} computes the result and
 * calls {@link #output}; its {@link #backward(Tensor)}, beside it, hands each input its gradient by
 * {@link #gradient} or {@link #pass}. It also says which elements its backward pass reads, by
 * {@link #keepsInput} and {@link #keepsOutput}: others may be gone by then.
 */
public abstract class Operation {

  private final Context context;
  private final int cycle;
  private final Tensor[] inputs;
  private final int[] versions;
  private final List<float[]> saved = new ArrayList<>(0);
  private boolean walked;

  /** Whether the array of the output's gradient became an input's. */
  private boolean passed;

  /** An operation on tensors in a context; an input that is optional and missing is null. */
  protected Operation(Context context, Tensor... inputs) {
    this.context = context;
    this.inputs = inputs;
    cycle = context.cycle();
    versions = new int[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      versions[i] = inputs[i] == null ? 0 : inputs[i].version();
    }
  }

  /** The context that computed it. */
  protected final Context context() {
    return context;
  }

  /** One of the tensors it was computed from, or null for a missing one. */
  protected final Tensor input(int index) {
    return inputs[index];
  }

  /** How many inputs there are. */
  protected final int inputs() {
    return inputs.length;
  }

  /** Whether an input is there and requires a gradient. */
  protected final boolean needs(int index) {
    return inputs[index] != null && inputs[index].requiresGrad();
  }

  /** Whether the backward pass reads the elements of an input. */
  protected boolean keepsInput(int index) {
    return true;
  }

  /** Whether the backward pass reads the elements of the output. */
  protected boolean keepsOutput() {
    return true;
  }

  /**
   * Whether a gradient can reach the result: whether what a backward pass needs is worth computing.
   */
  protected final boolean recorded() {
    boolean wanted = false;
    for (int i = 0; i < inputs.length; i++) {
      wanted |= needs(i);
    }
    return wanted && context.recording();
  }

  /** The result, on the tape if the context records and an input requires a gradient. */
  protected final Tensor output(Layout layout, float[] data, int... shape) {
    boolean recorded = recorded();
    Tensor result = Tensor.result(this, recorded, layout, data, shape);
    if (recorded) {
      for (int i = 0; i < inputs.length; i++) {
        if (inputs[i] != null && keepsInput(i)) {
          inputs[i].use();
        }
      }
      if (keepsOutput()) {
        result.use();
      }
    } else {
      saved.forEach(context::release);
    }
    return result;
  }

  /** A result that has the elements of the first input in the same order, and shares them. */
  protected final Tensor view(int... shape) {
    inputs[0].use();
    return Tensor.view(this, recorded(), inputs[0], shape);
  }

  /**
   * Keeps a buffer of the context for the backward pass and no longer. It is to be called before
   * {@link #output}.
   */
  protected final float[] save(float[] buffer) {
    saved.add(buffer);
    return buffer;
  }

  /**
   * Hands every input its gradient, given the output with its own ({@link Tensor#grad()}), which
   * may be overwritten.
   */
  protected abstract void backward(Tensor output);

  /**
   * Gives one input its gradient.
   *
   * @param index which input; nothing is computed for one that requires no gradient
   * @param writer overwrites every element of the array it is given, which has the input's layout
   */
  protected final void gradient(int index, Consumer<float[]> writer) {
    if (!needs(index)) {
      return;
    }
    Tensor input = inputs[index];
    float[] sum = input.grad();
    if (sum == null) {
      writer.accept(input.gradArray(context));
      return;
    }
    float[] term = context.buffer(sum.length);
    writer.accept(term);
    add(sum, term);
    context.release(term);
  }

  /**
   * Like {@link #gradient}, for a writer that also computes something else: it is called even if
   * the input requires no gradient.
   */
  protected final void gradientAnyway(int index, Consumer<float[]> writer) {
    if (needs(index)) {
      gradient(index, writer);
      return;
    }
    float[] unused = context.buffer(inputs[index].data().length);
    writer.accept(unused);
    context.release(unused);
  }

  /**
   * Like {@link #gradientAnyway}, for a writer that may be given the array of the output's gradient
   * itself and then overwrites it; nothing may read that afterwards.
   *
   * @param index an input of the output's layout and number of elements
   */
  protected final void gradientInPlace(int index, Tensor output, Consumer<float[]> writer) {
    float[] gradient = output.grad();
    if (needs(index) && canAdopt(inputs[index], gradient)) {
      writer.accept(gradient);
      inputs[index].adoptGrad(gradient);
      passed = true;
    } else {
      gradientAnyway(index, writer);
    }
  }

  /**
   * Gives one input the output's gradient as its own, without a copy where that is possible. It
   * must not be overwritten afterwards.
   *
   * @param index an input of the output's layout and number of elements
   */
  protected final void pass(int index, Tensor output) {
    if (!needs(index)) {
      return;
    }
    Tensor input = inputs[index];
    float[] gradient = output.grad();
    if (input.grad() != null) {
      add(input.grad(), gradient);
    } else if (canAdopt(input, gradient)) {
      input.adoptGrad(gradient);
      passed = true;
    } else {
      System.arraycopy(gradient, 0, input.gradArray(context), 0, gradient.length);
    }
  }

  /** Whether the array of the output's gradient can become that of an input. */
  private boolean canAdopt(Tensor input, float[] gradient) {
    return input.grad() == null && input.source() != null && context.holds(gradient) && !passed;
  }

  private void add(float[] sum, float[] term) {
    Ranges.run(
        context.workers(),
        sum.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            sum[i] += term[i];
          }
        });
  }

  /** Walks the tape back from a scalar, each operation after all that used its result. */
  static void walkBack(Tensor loss) {
    List<Tensor> order = inputsFirst(loss);
    for (Tensor result : order) {
      result.source().checkNotWalked();
    }
    loss.gradArray(loss.source().context)[0] = 1;
    for (Tensor result : order.reversed()) {
      result.source().walk(result);
    }
  }

  private void checkNotWalked() {
    if (walked) {
      throw new IllegalStateException(
          "backward() has already passed through this %s and given its memory back: add losses up"
                  .formatted(name())
              + " before one backward(), or compute the tensors anew");
    }
    if (cycle != context.cycle()) {
      throw new IllegalStateException(
          "this %s was computed before its context was recycled: call backward() first"
              .formatted(name()));
    }
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i] != null && keepsInput(i) && inputs[i].version() != versions[i]) {
        throw new IllegalStateException(
            "input %d of %s, %s, was changed in place after the forward pass; its gradient needs"
                    .formatted(i, name(), inputs[i])
                + " the old values");
      }
    }
  }

  private String name() {
    return getClass().getSimpleName();
  }

  /** Carries the gradient of the result on, and gives back what nobody needs after that. */
  private void walk(Tensor result) {
    walked = true;
    if (result.grad() != null) {
      float[] copy = null;
      if (result.retained()) {
        copy = context.buffer(result.grad().length);
        System.arraycopy(result.grad(), 0, copy, 0, copy.length);
      }
      backward(result);
      float[] gradient = result.dropGrad();
      if (!passed) {
        context.release(gradient);
      }
      if (copy != null) {
        result.adoptGrad(copy);
      }
    }
    saved.forEach(context::release);
    result.release();
  }

  /** Every computed tensor that leads to a result, sorted so that inputs stand before results. */
  private static List<Tensor> inputsFirst(Tensor last) {
    List<Tensor> order = new ArrayList<>();
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Visit> path = new ArrayDeque<>();
    path.push(new Visit(last));
    seen.add(last);
    while (!path.isEmpty()) {
      Visit visit = path.peek();
      Tensor[] inputs = visit.tensor.source().inputs;
      if (visit.next == inputs.length) {
        order.add(visit.tensor);
        path.pop();
        continue;
      }
      Tensor input = inputs[visit.next++];
      if (input != null && input.source() != null && seen.add(input)) {
        path.push(new Visit(input));
      }
    }
    return order;
  }

  /** A tensor on the path of the walk and the next of its inputs to visit. */
  private static final class Visit {
    final Tensor tensor;
    int next;

    Visit(Tensor tensor) {
      this.tensor = tensor;
    }
  }
}
