package dev.lanewise.kernels.simd;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * What this JVM offers to vector code: how many float lanes, or why there are none.
 *
 * <p>Vector code needs the module {@code jdk.incubator.vector}, a processor with fused multiply-add
 * and the C2 compiler; without one of them it would be a hundred times slower than scalar code, so
 * the library falls back to that and logs one line that names the remedy. Classes that use the
 * Vector API must be loaded only where {@link #vectorised()} holds.
 */
public final class Lanes {

  private static final String MODULE = "jdk.incubator.vector";

  /** Whether the processor multiplies and adds in one rounding. */
  public static final boolean FMA = !"false".equals(option("UseFMA"));

  private static final Optional<String> OBSTACLE = obstacle();

  /** Floats of a vector register: 16, 8 or 4; 1 where the scalar fallback runs. */
  public static final int LANES = OBSTACLE.isPresent() ? 1 : PreferredLanes.length();

  static {
    OBSTACLE.ifPresent(
        text ->
            System.getLogger(Lanes.class.getName())
                .log(Level.WARNING, "Lanewise runs its slow scalar fallback: " + text));
  }

  private Lanes() {}

  /** Whether the Vector API is in use. */
  public static boolean vectorised() {
    return LANES > 1;
  }

  /** Why the scalar fallback runs and what to do about it, if it does. */
  public static Optional<String> remedy() {
    return OBSTACLE;
  }

  /**
   * {@code a * b + c} of the scalar fallbacks: in one rounding, as vectors do it, where the
   * processor has that; without, {@link Math#fma} would fall to BigDecimal.
   */
  public static float fma(float a, float b, float c) {
    return FMA ? Math.fma(a, b, c) : a * b + c;
  }

  /** The same in double. */
  public static double fma(double a, double b, double c) {
    return FMA ? Math.fma(a, b, c) : a * b + c;
  }

  private static Optional<String> obstacle() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return Optional.of(
          "the module " + MODULE + " is missing; start java with --add-modules " + MODULE);
    }
    if (!FMA) {
      return Optional.of(
          "no fused multiply-add (FMA); use a processor that has it and no -XX:-UseFMA,"
              + " -XX:UseAVX=0");
    }
    if (!compilesWithC2()) {
      return Optional.of(
          "the C2 compiler is off; remove -Xint, -XX:TieredStopAtLevel or a JVMCI compiler");
    }
    if (PreferredLanes.length() < 4) {
      return Optional.of("vectors of " + PreferredLanes.length() + " floats are too short to gain");
    }
    return Optional.empty();
  }

  private static boolean compilesWithC2() {
    String level = option("TieredStopAtLevel");
    return !System.getProperty("java.vm.info", "").contains("interpreted")
        && !"true".equals(option("UseJVMCICompiler"))
        && (level.isEmpty() || Integer.parseInt(level) >= 4);
  }

  /** The value of a HotSpot option, or nothing where the JVM is another or hides its options. */
  private static String option(String name) {
    try {
      return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .getVMOption(name)
          .getValue();
    } catch (RuntimeException | LinkageError unknown) {
      return "";
    }
  }
}
