package dev.lanewise.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.loss.MeanSquaredError;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerTest {

  private static final Workers WORKERS = Workers.shared();

  private static Tensor parameter(float... values) {
    Tensor tensor = Tensor.parameter(values.length);
    System.arraycopy(values, 0, tensor.data(), 0, values.length);
    return tensor;
  }

  /** Gives a tensor the gradient (x - target) * 2 / n, by a squared error. */
  private static void gradient(Tensor x, float... target) {
    x.zeroGrad();
    Context context = Context.training(WORKERS);
    MeanSquaredError.of(x, Tensor.of(target, target.length), context).backward();
  }

  private static Optimizer of(Optimizer.Settings settings, Tensor parameter) {
    return settings.optimizer(ParameterGroups.of(List.of(parameter)), WORKERS);
  }

  @Test
  void surveyExampleOfGradientDescent() {
    Tensor theta = parameter(1, 0);
    gradient(theta, 0.9f, 0.1f);
    assertArrayEquals(new float[] {0.1f, -0.1f}, theta.grad(), 1e-7f);
    of(Sgd.Settings.of(0.001f), theta).step();
    assertArrayEquals(new float[] {0.9999f, 0.0001f}, theta.data(), 1e-7f);
  }

  @Test
  void momentumCanChangeFromStepToStep() {
    Tensor x = parameter(2);
    Optimizer sgd = of(new Sgd.Settings(0.1f, 0.5f, false, 0), x);
    gradient(x, 1);
    sgd.step(); // velocity 2
    sgd.momentum(0.25f);
    gradient(x, 1.8f);
    sgd.step(); // velocity 0.5 + 0
    assertArrayEquals(new float[] {1.75f}, x.data(), 1e-6f);
    assertThrows(IllegalArgumentException.class, () -> sgd.momentum(1));
    Optimizer plain = of(Sgd.Settings.of(0.1f), x);
    assertThrows(IllegalArgumentException.class, () -> plain.momentum(0.5f));
  }

  @Test
  void momentumKeepsAVelocityThatWeightDecayJoins() {
    Tensor x = parameter(2, -4);
    Optimizer sgd = of(new Sgd.Settings(0.1f, 0.5f, false, 0.25f), x);
    gradient(x, 1, -1);
    sgd.step(); // velocity 1 + 0.5 = 1.5 and -3 - 1 = -4
    assertArrayEquals(new float[] {1.85f, -3.6f}, x.data(), 1e-6f);
    gradient(x, 0.85f, -3.6f);
    sgd.step(); // velocity 0.75 + 1 + 0.4625 = 2.2125 and -2 + 0 - 0.9 = -2.9
    assertArrayEquals(new float[] {1.62875f, -3.31f}, x.data(), 1e-6f);
  }

  @Test
  void nesterovLooksAheadByTheVelocity() {
    Tensor x = parameter(2, 0);
    Optimizer sgd = of(new Sgd.Settings(0.1f, 0.5f, true, 0), x);
    gradient(x, 1, 1);
    sgd.step(); // velocity 1 and -1, step 1.5 and -1.5
    assertArrayEquals(new float[] {1.85f, 0.15f}, x.data(), 1e-6f);
    gradient(x, 1.85f, -0.85f);
    sgd.step(); // velocity 0.5 and 0.5, step 0.25 and 1 + 0.25
    assertArrayEquals(new float[] {1.825f, 0.025f}, x.data(), 1e-6f);
  }

  @Test
  void adamMovesByItsRateWhateverTheGradient() {
    Tensor x = parameter(1, 1);
    gradient(x, 0.99f, 101);
    of(Adam.Settings.of(0.01f), x).step();
    assertArrayEquals(new float[] {0.99f, 1.01f}, x.data(), 1e-6f);
  }

  @Test
  void decoupledDecayShrinksValuesAndLeavesTheMomentsAlone() {
    Tensor x = parameter(4, 4);
    gradient(x, 4, 104);
    of(Adam.Settings.of(0.01f).decoupledDecay(0.5f), x).step();
    assertArrayEquals(new float[] {4 * 0.995f, 4 * 0.995f + 0.01f}, x.data(), 1e-6f);
  }

  @Test
  void rmsPropMovesByTenTimesItsRateAtFirst() {
    Tensor x = parameter(1, 1);
    gradient(x, 0.9f, 3);
    of(RmsProp.Settings.of(0.01f), x).step();
    assertArrayEquals(new float[] {0.9f, 1.1f}, x.data(), 1e-6f);
  }

  /** One value followed in double precision by a rule written down from its paper. */
  interface Rule {
    double next(double value, double gradient, double[] state, int step);
  }

  record Case(String name, Optimizer.Settings settings, Rule rule) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("sgd", new Sgd.Settings(0.1f, 0, false, 0.1f), (x, g, _, _) -> x * 0.99 - 0.1 * g),
        new Case(
            "momentum",
            new Sgd.Settings(0.1f, 0.9f, false, 0.1f),
            (x, g, s, _) -> x - 0.1 * (s[0] = 0.9 * s[0] + g + 0.1 * x)),
        new Case(
            "nesterov",
            new Sgd.Settings(0.1f, 0.9f, true, 0),
            (x, g, s, _) -> x - 0.1 * (g + 0.9 * (s[0] = 0.9 * s[0] + g))),
        new Case("adam", Adam.Settings.of(0.1f), (x, g, s, t) -> x - adam(g, s, t)),
        new Case(
            "adamw",
            Adam.Settings.of(0.1f).decoupledDecay(0.2f),
            (x, g, s, t) -> x - 0.1 * 0.2 * x - adam(g, s, t)),
        new Case(
            "rmsprop",
            RmsProp.Settings.of(0.1f).weightDecay(0.1f),
            (x, g, s, _) -> {
              double all = g + 0.1 * x;
              s[0] = 0.99 * s[0] + 0.01 * all * all;
              return x - 0.1 * all / (Math.sqrt(s[0]) + 1e-8);
            }));
  }

  private static double adam(double g, double[] s, int t) {
    s[0] = 0.9 * s[0] + 0.1 * g;
    s[1] = 0.999 * s[1] + 0.001 * g * g;
    double mean = s[0] / (1 - Math.pow(0.9, t));
    double square = s[1] / (1 - Math.pow(0.999, t));
    return 0.1 * mean / (Math.sqrt(square) + 1e-8);
  }

  /** More values than a piece has, so that cuts between pieces are among them. */
  @ParameterizedTest
  @MethodSource("cases")
  void followsItsRuleOnEveryElement(Case rule) {
    int length = Pieces.LENGTH + 37;
    Random random = new Random(5);
    float[] start = new float[length];
    double[] expected = new double[length];
    double[][] state = new double[length][2];
    for (int i = 0; i < length; i++) {
      expected[i] = start[i] = random.nextFloat() - 0.5f;
    }
    Tensor x = parameter(start);
    Optimizer optimizer = of(rule.settings, x);
    for (int step = 1; step <= 4; step++) {
      float[] target = new float[length];
      for (int i = 0; i < length; i++) {
        target[i] = length * (random.nextFloat() - 0.5f);
      }
      gradient(x, target);
      for (int i = 0; i < length; i++) {
        expected[i] = rule.rule.next(expected[i], x.grad()[i], state[i], step);
      }
      optimizer.step();
    }
    for (int i = 0; i < length; i++) {
      assertEquals(expected[i], x.data()[i], 2e-5, "element " + i);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void hasTheSameBitsOnAnyNumberOfThreadsAndAfterAResume(Case rule) {
    float[] whole = steps(rule.settings, 1, 5, Map.of(), 0, start());
    assertArrayEquals(whole, steps(rule.settings, 3, 5, Map.of(), 0, start()));
    Tensor half = parameter(start());
    Optimizer first = of(rule.settings, half);
    run(first, half, 0, 2);
    assertArrayEquals(whole, steps(rule.settings, 2, 5, first.state(), 2, half.data()));
  }

  private static float[] start() {
    Random random = new Random(9);
    float[] values = new float[3 * Pieces.LENGTH + 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  private static float[] steps(
      Optimizer.Settings settings,
      int threads,
      int steps,
      Map<String, Tensor> state,
      int done,
      float... from) {
    Tensor x = parameter(from);
    try (Workers workers = Workers.of(threads)) {
      Optimizer optimizer = settings.optimizer(ParameterGroups.of(List.of(x)), workers);
      optimizer.resume(done);
      state.forEach(
          (name, values) ->
              System.arraycopy(
                  values.data(), 0, optimizer.state().get(name).data(), 0, x.data().length));
      run(optimizer, x, done, steps);
    }
    return x.data();
  }

  private static void run(Optimizer optimizer, Tensor x, int from, int to) {
    for (int step = from; step < to; step++) {
      float[] target = new float[x.size()];
      Arrays.fill(target, step * 1000);
      gradient(x, target);
      optimizer.step();
    }
  }

  @Test
  void groupsHaveTheirOwnRatesAndPenaltiesAndFrozenValuesStay() {
    Map<String, Tensor> parameters =
        Map.of("conv.weight", parameter(1), "fc.weight", parameter(1), "fc.bias", parameter(1));
    ParameterGroups groups =
        ParameterGroups.of(parameters).without("conv.*").rate("fc.*", 0.5f).decay("*.bias", 0);
    parameters.values().forEach(x -> gradient(x, 0.5f));
    new Sgd.Settings(0.1f, 0, false, 2).optimizer(groups, WORKERS).step();
    assertEquals(1, parameters.get("conv.weight").data()[0]);
    assertEquals(1 - 0.05f * (1 + 2), parameters.get("fc.weight").data()[0], 1e-6f);
    assertEquals(1 - 0.05f, parameters.get("fc.bias").data()[0], 1e-6f);
    String message =
        assertThrows(IllegalArgumentException.class, () -> groups.rate("head.*", 2)).getMessage();
    assertTrue(message.startsWith("no parameter's name fits 'head.*'; there are [fc"), message);
  }

  @Test
  void parametersWithoutAGradientStay() {
    Tensor x = parameter(1, 1);
    for (String name : Optimizer.NAMES) {
      Optimizer.create(name, List.of(x), 0.1f, 0, 0.5f).step();
    }
    assertArrayEquals(new float[] {1, 1}, x.data());
  }

  @Test
  void refusesUnknownNamesAndMeaninglessSettings() {
    assertEquals(
        "unknown optimizer 'lion'; known: [sgd, adam, adamw, rmsprop]",
        assertThrows(IllegalArgumentException.class, () -> Optimizer.settings("lion", 0.1f, 0, 0))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> Optimizer.settings("adam", 0.1f, 0.9f, 0));
    assertThrows(IllegalArgumentException.class, () -> new Sgd.Settings(0.1f, 0, true, 0));
    assertEquals(
        "learning rate must be finite and not negative, is NaN",
        assertThrows(IllegalArgumentException.class, () -> Sgd.Settings.of(Float.NaN))
            .getMessage());
    assertEquals(
        "momentum must be at least 0 and below 1, is 1.0",
        assertThrows(IllegalArgumentException.class, () -> new Sgd.Settings(0.1f, 1, false, 0))
            .getMessage());
  }
}
