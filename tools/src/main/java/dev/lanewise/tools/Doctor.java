package dev.lanewise.tools;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.PeakProbe;
import dev.lanewise.nn.report.Machine;
import java.io.PrintWriter;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lanewise doctor}: what this machine and JVM offer, what is missing, and the remedy. */
@Command(
    name = "doctor",
    description = {
      "Show the JVM, the lanes, the cores and the probed peak of this machine.",
      "Fails if the scalar fallback would run, and says what to do about it."
    },
    footer = {"%nExample:", "  lanewise doctor"})
final class Doctor implements Callable<Integer> {

  private static final String MODULE = "jdk.incubator.vector";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    line(out, "JVM", Machine.jvm() + ", " + System.getProperty("java.vm.name"));
    line(out, "flags", flags());
    line(out, "collector", collectors());
    line(out, "processor", Machine.processor());
    line(out, "cores", Machine.cores() + " for this JVM");
    line(out, "Vector API", "module " + MODULE + (modulePresent() ? " is present" : " is missing"));
    line(out, "lanes", Machine.lanes() + (Lanes.FMA ? ", fused multiply-add" : ""));
    out.flush();
    line(out, "FMA peak", peak());
    line(out, "missing", Lanes.remedy().orElse("nothing"));
    return Lanes.vectorised() ? 0 : 1;
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("%-11s %s%n", name, value);
  }

  private static boolean modulePresent() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  /** The flags given to this JVM and the two that set the width of a vector. */
  private static String flags() {
    Stream<String> given =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("-X") || argument.contains(MODULE));
    return Stream.concat(given, Stream.of("UseAVX", "MaxVectorSize").flatMap(Doctor::option))
        .distinct()
        .collect(Collectors.joining(" "));
  }

  /** A HotSpot option as a flag, or nothing where this JVM has no such option. */
  private static Stream<String> option(String name) {
    try {
      var bean = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return Stream.of("-XX:" + name + "=" + bean.getVMOption(name).getValue());
    } catch (RuntimeException | LinkageError unknown) {
      return Stream.empty();
    }
  }

  private static String collectors() {
    List<GarbageCollectorMXBean> beans = ManagementFactory.getGarbageCollectorMXBeans();
    return beans.stream().map(GarbageCollectorMXBean::getName).collect(Collectors.joining(", "));
  }

  private static String peak() {
    double one = PeakProbe.measure();
    Workers workers = Workers.shared();
    double all = 0;
    for (int burst = 0; burst < 40; burst++) {
      all = Math.max(all, PeakProbe.burst(workers));
    }
    return "%.0f GFLOP/s on 1 thread, %.0f on %d".formatted(one, all, workers.size());
  }
}
