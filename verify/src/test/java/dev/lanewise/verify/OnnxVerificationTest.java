package dev.lanewise.verify;

import static dev.lanewise.verify.onnx.TestFolder.floats;
import static dev.lanewise.verify.onnx.TestFolder.integer;
import static dev.lanewise.verify.onnx.TestFolder.integers;
import static dev.lanewise.verify.onnx.TestFolder.longs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.lanewise.verify.onnx.TestFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxVerificationTest {

  private static final long[] TWO = {2};

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @TempDir private Path folder;

  private Tally run(Path from, String only) throws IOException {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return OnnxVerification.run(new OnnxVerification.Options(from, only), out);
  }

  private void assertFails(String... words) throws IOException {
    assertEquals(new Tally(0, 1, 0), run(folder, "*"), this::printed);
    for (String word : words) {
      assertTrue(printed().contains(word), this::printed);
    }
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private TestFolder made(String name) throws IOException {
    return new TestFolder(folder, name);
  }

  private void relu(String name, float expected) throws IOException {
    made(name).input(floats(TWO, -1, 3)).node("Relu").expecting(floats(TWO, 0, expected));
  }

  @Test
  void everyNodeTestOfTheSharedFolderHolds() throws IOException {
    Path tests = Path.of(System.getProperty("lanewise.shared", "../../shared"), "onnx/node");
    assumeTrue(Files.isDirectory(tests), "no ONNX node tests at " + tests);
    Tally tally = run(tests, "*");
    assertEquals(0, tally.failed(), this::printed);
    assertTrue(tally.skipped() <= 0.05 * (tally.passed() + tally.skipped()), this::printed);
  }

  @Test
  void outputsAreComparedAsOnnxsOwnRunnerDoes() throws IOException {
    relu("test_a", 3);
    relu("test_b", 3.002f);
    relu("test_c", 3.004f);
    assertEquals(new Tally(2, 1, 0), run(folder, "*"), this::printed);
    assertTrue(printed().contains("FAILED Relu: test_c: test_data_set_0: output 0, element 1"));
    assertTrue(printed().endsWith("2 passed, 1 failed, 0 skipped\n"), this::printed);
  }

  @Test
  void wholeNumbersMustBeEqual() throws IOException {
    made("test_a").input(longs(7000, 1)).node("Identity").expecting(longs(7001, 1));
    assertFails("expected 7001, is 7000");
  }

  @Test
  void shapesAndTypesMustBeEqual() throws IOException {
    made("test_a").input(floats(TWO, 1, 2)).node("Relu").expecting(floats(new long[] {1, 2}, 1, 2));
    assertFails("expected float[1, 2], is float[2]");
    made("test_a").input(floats(TWO, 1, 2)).node("Relu").expecting(longs(1, 2));
    assertFails("expected int64[2], is float[2]");
  }

  @Test
  void operatorsThatAreLackingAreNamedAndSkipped() throws IOException {
    made("test_a").input(floats(TWO, 1, 2)).node("Frobnicate").expecting(floats(TWO, 1, 2));
    relu("test_b", 3);
    assertEquals(new Tally(1, 0, 1), run(folder, "*"), this::printed);
    assertTrue(printed().contains("lacking: Frobnicate (1)\n"), this::printed);
    assertTrue(printed().endsWith("1 passed, 0 failed, 1 skipped\n"), this::printed);
  }

  @Test
  void graphIsWalkedNodeByNode() throws IOException {
    made("test_a")
        .input(floats(TWO, -1, 3))
        .node(NodeProto.newBuilder().setOpType("Relu").addInput("x0").addOutput("r"))
        .node(NodeProto.newBuilder().setOpType("Add").addInput("x0").addInput("r").addOutput("y"))
        .expecting(floats(TWO, -1, 6));
    assertEquals(new Tally(1, 0, 0), run(folder, "*"), this::printed);
  }

  @Test
  void patternChoosesTests() throws IOException {
    relu("test_a", 3);
    relu("test_b", 4);
    assertEquals(new Tally(1, 0, 0), run(folder, "*_a"), this::printed);
  }

  @Test
  void folderOfASingleTestIsRun() throws IOException {
    relu("test_a", 3);
    assertEquals(new Tally(1, 0, 0), run(folder.resolve("test_a"), "*"), this::printed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"model.onnx", "test_data_set_0/input_0.pb", "test_data_set_0/output_0.pb"})
  void missingAndDamagedFilesFailAndAreNamed(String name) throws IOException {
    relu("test_a", 3);
    Path file = folder.resolve("test_a").resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertFails("FAILED", file.getFileName().toString());
    printed.reset();
    Files.delete(file);
    assertFails("FAILED", "test_a");
  }

  @Test
  void damagedFilesNeverCrash() throws IOException {
    relu("test_a", 3);
    RandomGenerator random = new SplittableRandom(7);
    for (String name : new String[] {"model.onnx", "test_data_set_0/input_0.pb"}) {
      Path file = folder.resolve("test_a").resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      for (int i = 0; i < bytes.length; i++) {
        byte[] damaged = bytes.clone();
        damaged[i] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, damaged);
        Tally tally = run(folder, "*");
        assertEquals(1, tally.passed() + tally.failed() + tally.skipped(), this::printed);
      }
      Files.write(file, bytes);
    }
  }

  @Test
  void dimensionsThatDoNotFitTheValuesFail() throws IOException {
    made("test_a")
        .input(floats(new long[] {1L << 31, 1L << 31}, 1))
        .node("Relu")
        .expecting(floats(TWO, 1, 2));
    assertFails("input_0.pb", "2147483648 is not within 32 bits");
    made("test_a").input(floats(new long[] {30000, 30000}, 1)).node("Relu").expecting(longs(1));
    assertFails("1 values are not those of float[30000, 30000]");
    made("test_a").input(floats(new long[] {3}, 1, 2)).node("Relu").expecting(longs(1));
    assertFails("2 values are not those of float[3], which has 3");
    TensorProto raw =
        TensorProto.newBuilder()
            .setDataType(1)
            .addDims(2)
            .setRawData(ByteString.copyFrom(new byte[7]))
            .build();
    made("test_a").input(raw).node("Relu").expecting(longs(1));
    assertFails("raw_data of 7 bytes is not that of float[2], which takes 8");
  }

  @Test
  void nodesThatAskForTooMuchFail() throws IOException {
    long[] one = {1, 1, 1, 1};
    made("test_a")
        .input(longs(4_000_000_000L, 4_000_000_000L))
        .node("ConstantOfShape")
        .expecting(longs(1));
    made("test_b").input(longs(60_000, 60_000)).node("ConstantOfShape").expecting(longs(1));
    made("test_c")
        .input(floats(one, 1))
        .node(
            "MaxPool",
            integers("kernel_shape", 1 << 20, 1 << 20),
            integers("pads", 1 << 20, 1 << 20, 1 << 20, 1 << 20))
        .expecting(longs(1));
    made("test_d")
        .input(floats(one, 1))
        .input(floats(one, 1))
        .node("Conv", integers("pads", 1 << 30, 1 << 30, 1 << 30, 1 << 30))
        .expecting(longs(1));
    made("test_e")
        .input(floats(one, 1))
        .input(floats(one, 1))
        .node("Conv", integer("group", 0))
        .expecting(longs(1));
    made("test_f")
        .input(floats(one, 1))
        .node("Pad", integers("pads", 0, 0, 0, 0, 0, 0, 0, 1 << 30))
        .expecting(longs(1));
    assertEquals(new Tally(0, 6, 0), run(folder, "*"), this::printed);
    assertTrue(
        printed().contains("ConstantOfShape: shape 4000000000 is not within"), this::printed);
    assertTrue(printed().contains("[60000, 60000] has more than the"), this::printed);
  }

  @Test
  void brokenGraphsFail() throws IOException {
    made("test_a")
        .input(floats(TWO, 1, 2))
        .node(NodeProto.newBuilder().setOpType("Relu").addInput("other").addOutput("y"))
        .expecting(floats(TWO, 1, 2));
    made("test_b").input(floats(TWO, 1, 2)).node("Add").expecting(floats(TWO, 1, 2));
    made("test_c").input(floats(TWO, 1, 2)).node("Relu").node("Relu").expecting(floats(TWO, 1, 2));
    made("test_d").expecting(floats(TWO, 1, 2));
    assertEquals(new Tally(0, 4, 0), run(folder, "*"), this::printed);
    assertTrue(printed().contains("'other' is not computed before it is used"), this::printed);
    assertTrue(printed().contains("Add: Add lacks input 1"), this::printed);
    assertTrue(printed().contains("'y' is given twice"), this::printed);
    assertTrue(printed().contains("the model has no nodes"), this::printed);
  }

  @Test
  void emptyFolderIsSaidToBeSo() throws IOException {
    assertEquals(Tally.NONE, run(folder, "*"));
    assertTrue(printed().contains("no ONNX node test in " + folder), this::printed);
  }

  @Test
  void folderThatDoesNotExistIsNamed() {
    Path missing = folder.resolve("missing");
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> run(missing, "*"));
    assertTrue(thrown.getMessage().contains(missing.toString()));
  }
}
