package dev.lanewise.verify;

import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.survey.Survey;
import dev.lanewise.verify.survey.Worked;
import java.io.PrintStream;

/** The command {@code verify survey}: the survey's worked numbers, each as one named check. */
public final class SurveyVerification {

  private SurveyVerification() {}

  /**
   * Computes every number, prints it beside its name and ends with {@code N passed, N failed}.
   *
   * @return the tally; its {@link Tally#exitStatus()} is the command's
   */
  public static Tally run(PrintStream out) {
    Findings findings = new Findings(out);
    for (Worked number : Survey.numbers()) {
      int failed = findings.tally().failed();
      findings.check("numbers", number.name(), number::fault);
      if (findings.tally().failed() == failed) {
        out.println("passed " + number.name() + ": " + number.expected());
      }
    }
    out.println(findings.tally());
    return findings.tally();
  }
}
