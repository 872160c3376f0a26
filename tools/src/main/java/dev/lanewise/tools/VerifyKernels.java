package dev.lanewise.tools;

import dev.lanewise.verify.KernelVerification;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lanewise verify kernels}: the speed of every generated micro-kernel. */
@Command(
    name = "kernels",
    description = {
      "Measure every generated micro-kernel against the probed peak.",
      "Fails if one falls far below what its register tile can reach."
    },
    footer = {"%nExample:", "  lanewise verify kernels"})
final class VerifyKernels implements Callable<Integer> {

  @Option(
      names = "--rounds",
      paramLabel = "N",
      converter = Counts.class,
      description = "Bursts of each variant, of which the best counts (default: ${DEFAULT-VALUE}).")
  private int rounds = KernelVerification.Options.defaults().rounds();

  @Override
  public Integer call() {
    return KernelVerification.run(new KernelVerification.Options(rounds), System.out).exitStatus();
  }
}
