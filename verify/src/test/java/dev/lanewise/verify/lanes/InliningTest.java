package dev.lanewise.verify.lanes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.verify.kernel.MicroKernel;
import dev.lanewise.verify.kernel.WarmKernels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Reads what C2 says of inlining inside the generated micro-kernels: one vector call that is not
 * inlined boxes every vector of the method.
 */
class InliningTest {

  /**
   * A line such as {@code 2867 396 b dev...BatchReduce16::tile2x2Filter32Terms16Pixel16 (277
   * bytes)}; a {@code %} among the flags marks a method that is replaced while its loop runs, in
   * which types of the interpreter's frame are unknown and calls do fail to inline.
   */
  private static final Pattern COMPILATION =
      Pattern.compile("\\s*\\d+\\s+\\d+\\s+([%sbn! ]*)\\s(\\S+::\\S+) .*");

  /**
   * Methods of the generated classes that hold vectors; {@code strips} and {@code run} call them.
   * The sums over tiles are not among them: where the interpreter alone has profiled them, C2 keeps
   * a branch of a species' check that they never take.
   */
  private static final Pattern KERNEL =
      Pattern.compile(
          ".*\\.((Batch|Group|Filter)Reduce"
              + Lanes.LANES
              + "::(tile|(sum|products)(Begin|Add))).*");

  private final Set<String> compiled = new HashSet<>();
  private final List<String> failures = new ArrayList<>();

  @Test
  void everyVectorCallOfEveryMicroKernelIsInlined() throws Exception {
    assumeTrue(Lanes.vectorised(), "no lanes here");
    List<String> flags = new ArrayList<>(ChildJvm.VECTORS);
    flags.addAll(
        List.of(
            "-XX:-TieredCompilation",
            "-Xbatch",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:+PrintCompilation",
            "-XX:+PrintInlining"));
    read(ChildJvm.run(WarmKernels.class, flags));
    long kernels = MicroKernel.all().stream().filter(k -> !k.family().equals("tile sums")).count();
    assertEquals(kernels, compiled.size(), compiled::toString);
    assertEquals(List.of(), failures);
  }

  @Test
  void aFailureInAMicroKernelIsFound() {
    String kernel =
        "dev.lanewise.kernels.simd.BatchReduce" + Lanes.LANES + "::tile2x2Filter32Terms16Pixel16 ";
    String failed = "        @ 7   jdk...FloatVector::fma (9 bytes)   failed to inline: too big";
    String late = "        @ 7   jdk...VectorSupport::load (38 bytes)   (intrinsic)";
    read(
        List.of(
            "  10  1    b        " + kernel + "(277 bytes)",
            late + "   failed to inline: trying again   late inline succeeded",
            "  20  2 %  b        " + kernel + "@ 94 (277 bytes)",
            failed,
            "  30  3    b        java.util.List::of (9 bytes)",
            failed));
    assertTrue(failures.isEmpty());
    read(List.of("  40  4    b        " + kernel + "(277 bytes)", failed));
    assertEquals(1, failures.size());
  }

  private void read(List<String> lines) {
    String kernel = "";
    for (String line : lines) {
      Matcher compilation = COMPILATION.matcher(line);
      if (compilation.matches()) {
        boolean chosen =
            KERNEL.matcher(compilation.group(2)).matches() && !compilation.group(1).contains("%");
        kernel = chosen ? compilation.group(2) : "";
        if (chosen) {
          compiled.add(kernel);
        }
      } else if (!kernel.isEmpty()
          && line.contains("failed to inline")
          && !line.contains("late inline succeeded")) {
        failures.add(kernel + ": " + line.strip());
      }
    }
  }
}
