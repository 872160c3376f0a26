import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the interleaving of nine vectors of 16 lanes: {@code [tap][16 channels]} becomes {@code
 * [16 channels][tap]}, 144 floats side by side, by permutations of two vectors each.
 *
 * <p>Taps 0 to 7 are gathered two, four and eight at a time, each vector then holding the channels
 * that fit; the results are picked from those and the last tap. A method writes about half of the
 * results: all of them would exceed what C2 inlines. Those for many kernels keep the permutations
 * in registers, which takes 64 cycles a kernel where reading them each time takes 80.
 */
final class InterleaveGenerator implements KernelGenerator {

  private static final int LANES = 16;
  private static final int TAPS = 9;

  /** Taps that are gathered by doubling; one remains. */
  private static final int GATHERED = 8;

  /** Results of the first method. */
  private static final int SPLIT = 4;

  /** The distinct index vectors, in the order of their first use. */
  private final List<List<Integer>> indices = new ArrayList<>();

  /** A vector: what it is called, and {@code channel * TAPS + tap} of what its lanes hold. */
  private record Vector(String name, List<Integer> elements) {}

  /** The statements of one method. */
  private final class Code {
    private final Map<String, Vector> made = new HashMap<>();
    private final StringBuilder text = new StringBuilder();
    private final boolean adds;

    /** Index vectors that are read before a loop over many kernels; empty for a single one. */
    private final Set<Integer> kept = new TreeSet<>();

    private final boolean many;

    Code(boolean adds, boolean many) {
      this.adds = adds;
      this.many = many;
    }

    /** So many taps of as many channels as fit, {@code channel} among them. */
    Vector gathered(int channel, int tap, int taps) {
      int first = channel / (LANES / taps) * (LANES / taps);
      String name = taps == 1 ? "x" + tap : "g%d_%d_%d".formatted(taps, tap, first);
      Vector vector = made.get(name);
      if (vector == null) {
        if (taps == 1) {
          text.append(
              """
                  IntVector %s =
                      FloatVector.fromArray(SPECIES, src, from + %d * stride).reinterpretAsInts();
              """
                  .formatted(name, tap));
          vector = new Vector(name, elements(0, tap, 1));
        } else {
          Vector left = gathered(first, tap, taps / 2);
          Vector right = gathered(first, tap + taps / 2, taps / 2);
          vector = merge(name, left, right, elements(first, tap, taps));
        }
        made.put(name, vector);
      }
      return vector;
    }

    private List<Integer> elements(int firstChannel, int firstTap, int taps) {
      return IntStream.range(0, LANES)
          .mapToObj(lane -> (firstChannel + lane / taps) * TAPS + firstTap + lane % taps)
          .toList();
    }

    /** Lanes of two vectors; what neither holds does not matter. */
    private Vector merge(String name, Vector left, Vector right, List<Integer> elements) {
      List<Integer> index =
          elements.stream()
              .map(
                  element -> {
                    int lane = left.elements.indexOf(element);
                    return lane >= 0 ? lane : Math.max(0, LANES + right.elements.indexOf(element));
                  })
              .toList();
      if (!indices.contains(index)) {
        indices.add(index);
      }
      int place = indices.indexOf(index) * LANES;
      if (many) {
        kept.add(place);
      }
      text.append(
          "    IntVector %s = %s.selectFrom(%s, %s);\n"
              .formatted(name, many ? "i" + place : index(place), left.name, right.name));
      return new Vector(name, elements);
    }

    /** One of the vectors that are written. */
    void result(int number) {
      int place = number * LANES;
      List<Integer> elements = IntStream.range(place, place + LANES).boxed().toList();
      List<Vector> sources =
          elements.stream()
              .filter(element -> element % TAPS < GATHERED)
              .map(element -> gathered(element / TAPS, 0, GATHERED))
              .distinct()
              .toList();
      Vector most = sources.getFirst();
      if (sources.size() > 1) {
        most = merge("p" + number, most, sources.getLast(), elements);
        List<Integer> held = new ArrayList<>(elements);
        held.replaceAll(element -> element % TAPS < GATHERED ? element : -1);
        most = new Vector(most.name, held);
      }
      Vector result = merge("r" + number, most, gathered(0, GATHERED, 1), elements);
      String sum =
          adds ? ".add(FloatVector.fromArray(SPECIES, dst, to + %d))".formatted(place) : "";
      text.append(
          "    %s.reinterpretAsFloats()%s.intoArray(dst, to + %d);\n"
              .formatted(result.name, sum, place));
    }
  }

  private static String index(int place) {
    return "IntVector.fromArray(INDICES, INDEX, %d)".formatted(place);
  }

  /** Kernel after kernel. */
  private String loop(String name, int first, int end) {
    Code code = new Code(false, true);
    IntStream.range(first, end).forEach(code::result);
    return """

      private static void ${name}(
          float[] src, int start, int stride, int fromStep,
          float[] dst, int place, int toStep, int count, int one) {
    ${indices}    int from = start;
        int to = place;
        int kernel = 0;
        while (kernel < count) {
    ${body}    from += fromStep;
          to += toStep;
          kernel += one;
        }
      }
    """
        .replace("${name}", name)
        .replace(
            "${indices}",
            code.kept.stream()
                .map(place -> "    IntVector i%d = %s;\n".formatted(place, index(place)))
                .collect(Collectors.joining()))
        .replace("${body}", code.text);
  }

  private String method(String name, int first, int end, boolean adds) {
    Code code = new Code(adds, false);
    IntStream.range(first, end).forEach(code::result);
    return """

      private static void ${name}(float[] src, int from, int stride, float[] dst, int to) {
    ${body}  }
    """
        .replace("${name}", name)
        .replace("${body}", code.text);
  }

  @Override
  public List<JavaFile> files() {
    String methods =
        method("writeFirst", 0, SPLIT, false)
            + method("writeLast", SPLIT, TAPS, false)
            + method("addFirst", 0, SPLIT, true)
            + method("addLast", SPLIT, TAPS, true)
            + loop("writeFirsts", 0, SPLIT)
            + loop("writeLasts", SPLIT, TAPS);
    String index =
        indices.stream()
            .map(
                list ->
                    list.stream().map(i -> "" + i).collect(Collectors.joining(", ", "    ", ",\n")))
            .collect(Collectors.joining());
    return List.of(new JavaFile("simd/Interleave16", TYPE.formatted(index, methods)));
  }

  private static final String TYPE =
      """
      package dev.lanewise.kernels.simd;

      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.IntVector;
      import jdk.incubator.vector.VectorSpecies;

      /** Interleaves nine vectors of 16 lanes; loaded only where there are as many. */
      final class Interleave16 {

        private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
        private static final VectorSpecies<Integer> INDICES = IntVector.SPECIES_512;

        /** Lanes of the first vector are 0 to 15, those of the second 16 to 31. */
        private static final int[] INDEX = {
      %s  };

        private Interleave16() {}

        /** Writes or adds {@code [16 channels][9 taps]}. */
        static void nine(float[] src, int from, int stride, float[] dst, int to, boolean add) {
          if (add) {
            addFirst(src, from, stride, dst, to);
            addLast(src, from, stride, dst, to);
          } else {
            writeFirst(src, from, stride, dst, to);
            writeLast(src, from, stride, dst, to);
          }
        }

        /** Writes {@code [16 channels][9 taps]} for many kernels. */
        static void nines(
            float[] src, int from, int stride, int fromStep,
            float[] dst, int to, int toStep, int count) {
          writeFirsts(src, from, stride, fromStep, dst, to, toStep, count, 1);
          writeLasts(src, from, stride, fromStep, dst, to, toStep, count, 1);
        }
      %s}
      """;
}
