package dev.lanewise.verify.operation;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks of one operation: its gradients are those that central differences of its forward pass
 * give, summed in double precision; they have the same bits on two threads, and when only one input
 * asks for a gradient; their padding lanes are zero.
 */
public final class OperationChecks {

  /** Elements of each input that are compared. */
  private static final int MOST_ELEMENTS = 40;

  /**
   * Of the greatest gradient: the forward pass rounds its results to 2^-24, of which differences
   * make {@code 2^-24 / step} times the root of their number.
   */
  private static final double TOLERANCE = 2e-3;

  /** A four-point difference of a smooth function may take so long a step. */
  private static final double SMOOTH_STEP = 0x1p-5;

  /** Of the gap between two elements: no maximum changes and no zero is crossed within it. */
  private static final double KINKED_PART = 0.2;

  private final Findings findings;
  private final long seed;
  private final Workers one;
  private final Workers two;

  /** Checks that are counted in {@code findings}; {@code one} and {@code two} are pool sizes. */
  public OperationChecks(Findings findings, long seed, Workers one, Workers two) {
    this.findings = findings;
    this.seed = seed;
    this.one = one;
    this.two = two;
  }

  /** Runs all checks of a case. */
  public void run(OperationCase operation) {
    String subject = "%s, --seed %d".formatted(operation, seed);
    findings.check(operation.kind(), subject, () -> new Run(operation).fault());
  }

  /** One case with its data. */
  private final class Run {
    private final OperationCase operation;
    private final Data data;
    private final List<float[]> values = new ArrayList<>();
    private final float[] weights;

    Run(OperationCase operation) {
      this.operation = operation;
      data = new Data(seed + operation.toString().hashCode());
      for (OperationCase.Input input : operation.inputs()) {
        values.add(elements(input));
      }
      weights = data.reals(forward(Context.inference(one), tensors(-1)).size());
    }

    /** Numbers in even distances, with half a distance around zero, in random order. */
    private float[] elements(OperationCase.Input input) {
      int length = Tensor.length(Layout.NCHW, input.shape());
      float[] elements = new float[length];
      for (int i = 0; i < length; i++) {
        elements[i] = (float) (input.low() + gap(input, length) * (i + 0.5));
      }
      for (int i = length - 1; i > 0; i--) {
        int j = data.between(0, i);
        float swapped = elements[i];
        elements[i] = elements[j];
        elements[j] = swapped;
      }
      return elements;
    }

    private double gap(OperationCase.Input input, int length) {
      return (input.high() - input.low()) / (length % 2 == 0 ? length : length + 1);
    }

    /** The inputs as tensors; all but number {@code only} are constants, or none if it is -1. */
    private List<Tensor> tensors(int only) {
      List<Tensor> tensors = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        OperationCase.Input input = operation.inputs().get(i);
        int[] shape = input.shape();
        float[] placed =
            input.layout() == Layout.NCHW
                ? values.get(i).clone()
                : new BlockedLayout(shape).toBlocked(values.get(i));
        tensors.add(
            only < 0 || i == only
                ? Tensor.variable(input.layout(), placed, shape)
                : Tensor.of(input.layout(), placed, shape));
      }
      return tensors;
    }

    private Tensor forward(Context context, List<Tensor> tensors) {
      context.seed(seed);
      return operation.forward().of(tensors, context);
    }

    private List<Tensor> differentiated(Workers workers, int only) {
      Context context = Context.training(workers);
      List<Tensor> tensors = tensors(only);
      Projection.of(forward(context, tensors), weights, context).backward();
      return tensors;
    }

    Optional<?> fault() {
      List<Tensor> tensors = differentiated(one, -1);
      List<Tensor> shared = differentiated(two, -1);
      Context plain = Context.training(one);
      for (int i = 0; i < tensors.size(); i++) {
        Tensor tensor = tensors.get(i);
        float[] gradient = tensor.grad();
        if (gradient == null) {
          return Optional.of("input %d has no gradient".formatted(i));
        }
        if (tensor.layout() == Layout.NCHW16C
            && new BlockedLayout(tensor.shape()).firstDirtyPadding(gradient) >= 0) {
          return Optional.of("a padding lane of gradient %d is not zero".formatted(i));
        }
        Optional<?> fault =
            Mismatch.sameBits(gradient, shared.get(i).grad())
                .or(() -> Mismatch.sameBits(gradient, alone(tensors.indexOf(tensor))));
        fault = fault.isPresent() ? fault : differences(i, tensor.gradValues(), plain);
        if (fault.isPresent()) {
          return Optional.of("gradient %d: %s".formatted(i, fault.get()));
        }
      }
      return Optional.empty();
    }

    private float[] alone(int index) {
      return differentiated(one, index).get(index).grad();
    }

    private Optional<Mismatch> differences(int index, float[] gradient, Context context) {
      double greatest = 0;
      for (float g : gradient) {
        greatest = Math.max(greatest, Math.abs(g));
      }
      int compared = Math.min(gradient.length, MOST_ELEMENTS);
      for (int n = 0; n < compared; n++) {
        int i = compared == gradient.length ? n : data.between(0, gradient.length - 1);
        double expected = difference(index, i, context);
        double bound = TOLERANCE * Math.max(greatest, Math.abs(expected)) + 1e-5;
        if (!(Math.abs(gradient[i] - expected) <= bound)) {
          return Optional.of(new Mismatch(i, expected, gradient[i], bound));
        }
      }
      return Optional.empty();
    }

    /** The derivative by one element, of the fourth order in the step. */
    private double difference(int input, int element, Context context) {
      float[] x = values.get(input);
      double step =
          operation.smooth()
              ? SMOOTH_STEP
              : KINKED_PART * gap(operation.inputs().get(input), x.length);
      float centre = x[element];
      double near = change(x, element, centre, step, context);
      double far = change(x, element, centre, 2 * step, context);
      x[element] = centre;
      return (4 * near - far) / 3;
    }

    /** By how much the product grows from one side to the other, by the step that floats take. */
    private double change(float[] x, int element, float centre, double step, Context context) {
      float above = (float) (centre + step);
      float below = (float) (centre - step);
      x[element] = above;
      double upper = Projection.value(forward(context, tensors(-1)), weights);
      x[element] = below;
      double lower = Projection.value(forward(context, tensors(-1)), weights);
      context.recycle();
      return (upper - lower) / ((double) above - below);
    }
  }
}
