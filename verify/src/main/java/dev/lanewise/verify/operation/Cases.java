package dev.lanewise.verify.operation;

import java.util.List;
import java.util.stream.Stream;

/** All cases: at least one for every operation of {@code nn.op} and every loss. */
public final class Cases {

  private Cases() {}

  /** The list of them. */
  public static List<OperationCase> all() {
    return Stream.of(NetworkCases.all(), AlgebraCases.all(), LossCases.all())
        .flatMap(List::stream)
        .toList();
  }
}
