package dev.lanewise.nn.optim;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The parameters that an optimiser changes, each with factors on the learning rate and the weight
 * decay; immutable.
 *
 * <p>Groups are chosen by patterns over state-dict names, in which {@code *} stands for any
 * characters: {@code layer1.*}, {@code *.bias}.
 *
 * <pre>{@code
 * ParameterGroups groups =
 *     ParameterGroups.of(network.parameters())
 *         .without("conv1.*")       // frozen
 *         .rate("layer*", 0.1f)     // discriminative rates
 *         .decay("*.bias", 0);      // no penalty on biases
 * }</pre>
 */
public final class ParameterGroups {

  /**
   * One parameter.
   *
   * @param name its name in the state dict
   * @param tensor its live values
   * @param rate factor on the learning rate
   * @param decay factor on the weight decay
   */
  public record Member(String name, Tensor tensor, float rate, float decay) {

    /** Validates the factors. */
    public Member {
      Optimizer.notNegative("factor on the learning rate of " + name, rate);
      Optimizer.notNegative("factor on the weight decay of " + name, decay);
    }
  }

  private final List<Member> members;

  private ParameterGroups(List<Member> members) {
    this.members = List.copyOf(members);
  }

  /** Parameters by name, all alike. */
  public static ParameterGroups of(Map<String, Tensor> parameters) {
    return new ParameterGroups(
        parameters.entrySet().stream()
            .map(entry -> new Member(entry.getKey(), entry.getValue(), 1, 1))
            .toList());
  }

  /** Parameters that are named by their numbers, all alike. */
  public static ParameterGroups of(Collection<Tensor> parameters) {
    Map<String, Tensor> numbered = new LinkedHashMap<>();
    parameters.forEach(tensor -> numbered.put(String.valueOf(numbered.size()), tensor));
    return of(numbered);
  }

  /**
   * These with another factor on the learning rate of some.
   *
   * @throws IllegalArgumentException if no name fits the pattern, or the factor is negative
   */
  public ParameterGroups rate(String pattern, float factor) {
    return change(pattern, m -> new Member(m.name, m.tensor, factor, m.decay));
  }

  /** These with another factor on the weight decay of some; throws as {@link #rate}. */
  public ParameterGroups decay(String pattern, float factor) {
    return change(pattern, m -> new Member(m.name, m.tensor, m.rate, factor));
  }

  /** These without some, which then keep their values; throws as {@link #rate}. */
  public ParameterGroups without(String pattern) {
    Pattern names = fitting(pattern);
    return new ParameterGroups(
        members.stream().filter(m -> !names.matcher(m.name).matches()).toList());
  }

  /** Those whose factor on the learning rate is above 0. */
  public ParameterGroups trained() {
    return new ParameterGroups(members.stream().filter(m -> m.rate > 0).toList());
  }

  private ParameterGroups change(String pattern, UnaryOperator<Member> change) {
    Pattern names = fitting(pattern);
    List<Member> changed = new ArrayList<>(members);
    changed.replaceAll(m -> names.matcher(m.name).matches() ? change.apply(m) : m);
    return new ParameterGroups(changed);
  }

  /** What a pattern stands for, if it fits a name. */
  private Pattern fitting(String pattern) {
    Pattern names = names(pattern);
    Check.that(
        members.stream().anyMatch(m -> names.matcher(m.name).matches()),
        "no parameter's name fits '%s'; there are %s",
        pattern,
        members.stream().map(Member::name).toList());
    return names;
  }

  /** The names that a pattern fits, in which {@code *} stands for any characters. */
  public static Pattern names(String pattern) {
    return Pattern.compile(
        Arrays.stream(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*")));
  }

  /** The parameters in order. */
  public List<Member> members() {
    return members;
  }

  /** Their live values by name, in order. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    members.forEach(member -> tensors.put(member.name, member.tensor));
    return tensors;
  }
}
