package dev.lanewise.tools;

import dev.lanewise.verify.SurveyVerification;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code lanewise verify survey}: worked examples from the literature. */
@Command(
    name = "survey",
    description =
        "Check worked examples from the literature: convolutions, sizes, parameter counts.",
    footer = {"%nExample:", "  lanewise verify survey"})
final class VerifySurvey implements Callable<Integer> {

  @Override
  public Integer call() {
    return SurveyVerification.run(System.out).exitStatus();
  }
}
