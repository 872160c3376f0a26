package dev.lanewise.verify.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import dev.lanewise.verify.GradientVerification;
import dev.lanewise.verify.Tally;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.operation.OperationCase.Input;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OperationChecksTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void oneCaseInSixPasses() {
    Tally tally = GradientVerification.run(new GradientVerification.Options(5, 1, 6), out);
    assertEquals(0, tally.failed(), this::printed);
    assertTrue(tally.passed() > 30, this::printed);
    assertTrue(printed().endsWith(tally.passed() + " passed, 0 failed\n"), this::printed);
  }

  /** Squares, with a gradient that is a little wrong, or dirty in its padding lanes. */
  private static final class Square extends Operation {
    private final float factor;
    private final float padding;

    Square(float factor, float padding, Context context, Tensor x) {
      super(context, x);
      this.factor = factor;
      this.padding = padding;
    }

    Tensor apply() {
      float[] out = input(0).data().clone();
      for (int i = 0; i < out.length; i++) {
        out[i] *= out[i];
      }
      return output(Layout.NCHW16C, out, input(0).shape());
    }

    @Override
    protected void backward(Tensor y) {
      float[] x = input(0).data();
      gradient(
          0,
          dx -> {
            for (int i = 0; i < dx.length; i++) {
              dx[i] = factor * x[i] * y.grad()[i] + (x[i] == 0 ? padding : 0);
            }
          });
    }
  }

  private Tally check(float factor, float padding) {
    Findings findings = new Findings(out);
    try (Workers one = Workers.of(1);
        Workers two = Workers.of(2)) {
      new OperationChecks(findings, 3, one, two)
          .run(
              OperationCase.smooth(
                  "squares",
                  "square",
                  (in, c) -> new Square(factor, padding, c, in.getFirst()).apply(),
                  Input.of(2, 3, 2).blocked()));
    }
    return findings.tally();
  }

  @Test
  void aGradientThatIsOnePercentOffFails() {
    assertEquals(new Tally(1, 0, 0), check(2, 0), this::printed);
    assertEquals(new Tally(0, 1, 0), check(2.02f, 0));
    assertTrue(printed().contains("FAILED squares: square [[2, 3, 2] NCHW16C], --seed 3"));
    assertTrue(printed().contains("gradient 0: element 0: expected"), this::printed);
  }

  @Test
  void aGradientInPaddingLanesFails() {
    assertEquals(new Tally(0, 1, 0), check(2, 1));
    assertTrue(printed().contains("a padding lane of gradient 0 is not zero"), this::printed);
  }
}
