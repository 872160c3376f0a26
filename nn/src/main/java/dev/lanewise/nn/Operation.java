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
 * {@link #gradient}.
 */
public abstract class Operation {

  private final Context context;
  private final Tensor[] inputs;

  /** An operation on tensors in a context. */
  protected Operation(Context context, Tensor... inputs) {
    this.context = context;
    this.inputs = inputs;
  }

  /** The context that computed it. */
  protected final Context context() {
    return context;
  }

  /** One of the tensors it was computed from. */
  protected final Tensor input(int index) {
    return inputs[index];
  }

  /** The result, on the tape if the context records and an input requires a gradient. */
  protected final Tensor output(Layout layout, float[] data, int... shape) {
    boolean requiresGrad = false;
    for (Tensor input : inputs) {
      requiresGrad |= input.requiresGrad();
    }
    return Tensor.result(this, requiresGrad && context.recording(), layout, data, shape);
  }

  /** Hands every input its gradient, given the output with its own ({@link Tensor#grad()}). */
  protected abstract void backward(Tensor output);

  /**
   * Gives one input its gradient.
   *
   * @param index which input; nothing is computed for one that requires no gradient
   * @param writer overwrites every element of the array it is given, which has the input's layout
   */
  protected final void gradient(int index, Consumer<float[]> writer) {
    Tensor input = inputs[index];
    if (!input.requiresGrad()) {
      return;
    }
    float[] sum = input.grad();
    if (sum == null) {
      writer.accept(input.gradArray(context));
      return;
    }
    float[] term = context.buffer(sum.length);
    writer.accept(term);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += term[i];
    }
  }

  /** Walks the tape back from a scalar, each operation after all that used its result. */
  static void walkBack(Tensor loss) {
    loss.gradArray(loss.source().context)[0] = 1;
    List<Tensor> order = inputsFirst(loss);
    for (Tensor result : order.reversed()) {
      result.source().backward(result);
    }
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
      if (input.source() != null && seen.add(input)) {
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
