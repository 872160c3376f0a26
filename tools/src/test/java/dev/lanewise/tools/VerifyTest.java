package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest extends CommandTest {

  @Test
  void shapeThatHoldsSucceeds() {
    assertEquals(
        0, run("verify", "conv", "--shape", "ic5ih9oc7oh9kh3ph1", "--algorithm", "direct"));
  }

  @Test
  void workedExamplesHold() {
    assertEquals(0, run("verify", "survey"));
  }

  @Test
  void missingCheckIsBadUsageAndTheChecksAreNamed() {
    assertEquals(2, run("verify"));
    assertTrue(err().contains("conv, kernels, gradients, golden, onnx, survey"), this::err);
  }

  @Test
  void unknownAlgorithmIsBadUsageAndTheKnownOnesAreNamed() {
    assertEquals(2, run("verify", "conv", "--algorithm", "magic"));
    assertTrue(err().contains("unknown algorithm 'magic'; known: direct"), this::err);
  }

  @Test
  void shapeThatCannotBeIsBadUsage() {
    assertEquals(2, run("verify", "conv", "--shape", "ic5ih9oc7oh8kh3ph1"));
    assertTrue(err().contains("--shape"), this::err);
    assertEquals(2, run("verify", "conv", "--shape", "large"));
  }

  @Test
  void missingFolderOfGoldenFilesFailsInOneLine() {
    assertEquals(1, run("verify", "golden", "no-such-folder"));
    assertTrue(err().contains("no-such-folder"), this::err);
    assertEquals(1, err().lines().count(), this::err);
  }

  @Test
  void goldenFilesOfWhichNoneMatchesAreNoSuccess(@TempDir Path folder) {
    assertEquals(1, run("verify", "golden", folder.toString()));
  }

  @Test
  void nodeTestsOfWhichNoneMatchesAreNoSuccess(@TempDir Path folder) {
    assertEquals(1, run("verify", "onnx", folder.toString()));
  }

  @Test
  void missingFolderOfNodeTestsFailsInOneLine() {
    assertEquals(1, run("verify", "onnx", "no-such-folder"));
    assertTrue(err().contains("no-such-folder"), this::err);
    assertEquals(1, err().lines().count(), this::err);
  }

  @Test
  void peersAreReachedThroughTheLauncher() {
    assertEquals(1, run("verify", "golden", "folder", "--peer", "onnxruntime"));
    assertTrue(
        err().contains("start it as `tools/lanewise verify golden folder --peer onnxruntime`"),
        this::err);
  }
}
