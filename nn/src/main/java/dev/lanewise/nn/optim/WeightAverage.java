package dev.lanewise.nn.optim;

import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An average of a network's values over its training, which often does better than the last ones.
 *
 * <p>Running statistics of a normalisation are averaged like parameters, when they are among the
 * values.
 */
public final class WeightAverage {

  /** How values are averaged; the text is what {@link #parse} reads. */
  public sealed interface Kind {

    /** The share of the newest values after so many updates, itself included. */
    double share(long updates);

    /** Whether an update is made after each step rather than after each epoch. */
    boolean eachStep();

    /**
     * The kind that a text names: {@code ema:0.999}, {@code swa:15}.
     *
     * @throws IllegalArgumentException if it names none
     */
    static Kind parse(String text) {
      String[] words = text.split(":", 2);
      try {
        return switch (words[0]) {
          case "ema" -> new Exponential(Double.parseDouble(words[1]));
          case "swa" -> new Equal(Integer.parseInt(words[1]));
          default -> throw new IllegalArgumentException(unknown(text));
        };
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException other) {
        throw new IllegalArgumentException(unknown(text), other);
      }
    }

    private static String unknown(String text) {
      return "unknown average '%s'; the averages are ema:DECAY and swa:FIRST_EPOCH".formatted(text);
    }
  }

  /**
   * Exponential moving average over steps (Polyak averaging). The decay starts low, {@code (1 + t)
   * / (10 + t)} at step t, so that the starting values are soon forgotten.
   *
   * @param decay share of the old average that lasts
   */
  public record Exponential(double decay) implements Kind {
    /** Validates the share. */
    public Exponential {
      Check.that(decay >= 0 && decay < 1, "the decay must be at least 0 and below 1: %s", decay);
    }

    @Override
    public double share(long updates) {
      return 1 - Math.min(decay, (1 + (double) updates) / (10 + (double) updates));
    }

    @Override
    public boolean eachStep() {
      return true;
    }

    @Override
    public String toString() {
      return "ema:" + decay;
    }
  }

  /**
   * The mean over the ends of epochs: stochastic weight averaging (Izmailov, Podoprikhin, Garipov,
   * Vetrov and Wilson, 2018).
   *
   * @param from the first epoch that counts, from 1
   */
  public record Equal(int from) implements Kind {
    /** Validates the epoch. */
    public Equal {
      Check.positive("first epoch of an average", from);
    }

    @Override
    public double share(long updates) {
      return 1 / (double) updates;
    }

    @Override
    public boolean eachStep() {
      return false;
    }

    @Override
    public String toString() {
      return "swa:" + from;
    }
  }

  private final Kind kind;
  private final List<String> names;
  private final List<Tensor> live;
  private final float[][] averages;
  private final Pieces pieces;
  private final Task add;
  private final Task exchange;
  private long updates;
  private float share;

  /** An average of values by name, which is empty until the first update. */
  public WeightAverage(Kind kind, Map<String, Tensor> values, Workers workers) {
    this.kind = kind;
    names = List.copyOf(values.keySet());
    live = List.copyOf(values.values());
    averages = live.stream().map(t -> new float[t.data().length]).toArray(float[][]::new);
    pieces = new Pieces(workers, live.stream().mapToInt(t -> t.data().length).toArray());
    add = pieces.task(this::addPiece);
    exchange = pieces.task(this::exchangePiece);
  }

  /** Takes the values after a step into the average, if its kind counts steps. */
  public void afterStep() {
    if (kind.eachStep()) {
      update();
    }
  }

  /** Takes the values after an epoch into the average, if its kind counts that epoch. */
  public void afterEpoch(int epoch) {
    if (kind instanceof Equal equal && epoch >= equal.from()) {
      update();
    }
  }

  private void update() {
    updates++;
    share = updates == 1 ? 1 : (float) kind.share(updates);
    pieces.run(add);
  }

  private void addPiece(int index, int piece, int from, int to) {
    float[] values = live.get(index).data();
    float[] average = averages[index];
    float weight = share;
    for (int i = from; i < to; i++) {
      average[i] += weight * (values[i] - average[i]);
    }
  }

  /** How many times values were taken in. */
  public long updates() {
    return updates;
  }

  /**
   * Puts the averages into the live values and the live values here; a second call puts them back.
   * Does nothing before the first update.
   */
  public void swap() {
    if (updates > 0) {
      pieces.run(exchange);
      live.forEach(Tensor::changed);
    }
  }

  private void exchangePiece(int index, int piece, int from, int to) {
    float[] values = live.get(index).data();
    float[] average = averages[index];
    for (int i = from; i < to; i++) {
      float value = values[i];
      values[i] = average[i];
      average[i] = value;
    }
  }

  /** The averages as live values, by name. */
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (int i = 0; i < averages.length; i++) {
      Tensor value = live.get(i);
      state.put(names.get(i), Tensor.of(value.layout(), averages[i], value.shape()));
    }
    return state;
  }

  /**
   * Goes on from an earlier state; its values are set through {@link #state()}.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public void resume(long updatesMade) {
    Check.that(updatesMade >= 0, "updates must not be negative, are %d", updatesMade);
    updates = updatesMade;
  }
}
