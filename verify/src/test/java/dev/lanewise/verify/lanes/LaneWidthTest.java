package dev.lanewise.verify.lanes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.simd.Lanes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Starts JVMs with the machine's lanes, with 8, with 4 and without any. */
class LaneWidthTest {

  private static final Map<Integer, List<String>> CHECKSUMS = new LinkedHashMap<>();

  @BeforeAll
  static void computeOnEveryWidth() throws Exception {
    assumeTrue(
        System.getProperty("os.arch").equals("amd64"), "only x86 JVMs can be told to use less");
    assumeTrue(Lanes.FMA, "without fused multiply-add the bits differ");
    compute(List.of());
    compute(ChildJvm.VECTORS);
    compute(with("-XX:UseAVX=2"));
    compute(with("-XX:UseAVX=2", "-XX:MaxVectorSize=16"));
  }

  private static List<String> with(String... flags) {
    List<String> all = new ArrayList<>(ChildJvm.VECTORS);
    all.addAll(List.of(flags));
    return all;
  }

  private static void compute(List<String> flags) throws Exception {
    List<String> lines = ChildJvm.run(Checksums.class, flags);
    int lanes = Integer.parseInt(lines.getFirst().replace("lanes ", ""));
    CHECKSUMS.put(lanes, lines.subList(1, lines.size()));
  }

  @Test
  void everyWidthRan() {
    assertTrue(CHECKSUMS.keySet().containsAll(List.of(1, 4, 8)), CHECKSUMS.keySet()::toString);
    assertTrue(CHECKSUMS.get(1).size() > 30);
  }

  @Test
  void everyWidthGivesTheSameBits() {
    CHECKSUMS.forEach(
        (lanes, lines) ->
            assertEquals(
                String.join("\n", CHECKSUMS.get(1)),
                String.join("\n", lines),
                () -> lanes + " lanes against the scalar fallback"));
  }

  @Test
  void oneAndTwoThreadsGiveTheSameBits() {
    Map<String, String> one = new LinkedHashMap<>();
    Map<String, String> two = new LinkedHashMap<>();
    for (String line : CHECKSUMS.get(1)) {
      int colon = line.lastIndexOf(':');
      String name = line.substring(0, colon);
      if (name.endsWith(", 1 threads")) {
        one.put(name.replace(", 1 threads", ""), line.substring(colon));
      } else if (name.endsWith(", 2 threads")) {
        two.put(name.replace(", 2 threads", ""), line.substring(colon));
      }
    }
    assertTrue(one.size() > 15);
    assertEquals(one, two);
  }
}
