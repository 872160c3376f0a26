package dev.lanewise.verify.survey;

import java.util.List;
import java.util.stream.Stream;

/** All worked numbers. */
public final class Survey {

  private Survey() {}

  /** The numbers in the survey's order of subjects. */
  public static List<Worked> numbers() {
    return Stream.of(
            MatrixNumbers.all(), SizeNumbers.all(), ParameterNumbers.all(), RuleNumbers.all())
        .flatMap(List::stream)
        .toList();
  }
}
