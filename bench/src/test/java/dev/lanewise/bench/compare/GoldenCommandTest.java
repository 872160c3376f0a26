package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.peer.Inference;
import dev.lanewise.bench.peer.LanewisePeer;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Problem;
import dev.lanewise.verify.Tally;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class GoldenCommandTest {

  /**
   * A library whose first output is off by a fraction of it; refuses where that is not a number.
   */
  private record Off(float fraction) implements Peer {

    @Override
    public String name() {
      return "off";
    }

    @Override
    public Prepared prepare(Problem problem) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Prepared infer(Inference inference) {
      if (Float.isNaN(fraction)) {
        throw new IllegalArgumentException("off does not know " + inference.model());
      }
      Prepared right = new LanewisePeer(Optional.empty()).infer(inference);
      return new Prepared() {
        @Override
        public void run() {
          right.run();
        }

        @Override
        public float[] result() {
          float[] result = right.result();
          int largest = 0;
          for (int i = 0; i < result.length; i++) {
            largest = Math.abs(result[i]) > Math.abs(result[largest]) ? i : largest;
          }
          result[largest] *= 1 + fraction;
          return result;
        }

        @Override
        public String algorithm() {
          return "";
        }

        @Override
        public void close() {
          right.close();
        }
      };
    }
  }

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  private Tally check(float fraction) {
    PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
    return GoldenCommand.agreement(new Off(fraction), List.of("lenet5", "resnet20"), out);
  }

  private String out() {
    return written.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aLibraryThatComputesTheSameWithinTheBoundPasses() {
    assertEquals(new Tally(2, 0, 0), check(5e-4f), this::out);
  }

  @Test
  void oneThatDoesNotFailsWithTheDifference() {
    assertEquals(new Tally(0, 2, 0), check(5e-3f), this::out);
    assertTrue(
        out().matches("(?s).*FAILED lenet5   .* s  largest difference 5.0e-03 of the largest.*"),
        out());
  }

  @Test
  void oneThatRefusesFailsWithItsWords() {
    assertEquals(new Tally(0, 2, 0), check(Float.NaN), this::out);
    assertTrue(out().matches("(?s).*FAILED resnet20 .* s  off does not know resnet20.*"), out());
  }

  @Test
  void aModelIsToldOfBeforeTheNextBegins() {
    List<String> before = new ArrayList<>();
    Peer watching =
        new Peer() {
          @Override
          public String name() {
            return "watching";
          }

          @Override
          public Prepared prepare(Problem problem) {
            throw new UnsupportedOperationException();
          }

          @Override
          public Prepared infer(Inference inference) {
            before.add(out());
            throw new IllegalArgumentException("seen");
          }
        };
    PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
    GoldenCommand.agreement(watching, List.of("lenet5", "resnet20"), out);
    assertEquals("", before.getFirst());
    assertTrue(before.getLast().startsWith("FAILED lenet5 "), before::toString);
  }

  @Test
  void anUnknownLibraryIsBadUsage() {
    StringWriter errors = new StringWriter();
    CommandLine command = new CommandLine(new GoldenCommand()).setErr(new PrintWriter(errors));
    assertEquals(2, command.execute("--peer", "nobody"));
    assertTrue(
        errors.toString().startsWith("unknown peer 'nobody': the peers are onnxruntime"),
        errors::toString);
  }
}
