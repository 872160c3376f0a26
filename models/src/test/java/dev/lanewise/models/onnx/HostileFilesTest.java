package dev.lanewise.models.onnx;

import static dev.lanewise.models.onnx.ProtoModel.whole;
import static dev.lanewise.models.onnx.ProtoModel.wholes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.nn.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged and hostile files get a clear error. */
class HostileFilesTest {

  private static final int FLOAT = 1;
  private static final int MUTATIONS = 5000;

  @TempDir private Path folder;

  private static ProtoModel sample() {
    return new ProtoModel()
        .input("x", FLOAT, 0, 1, 4, 4)
        .floats("w", List.of(2L, 1L, 2L, 2L), 1, 1, 1, 1, 1, -1, 1, -1)
        .floats("shift", List.of(2L, 1L, 1L), 0.5f, -0.5f)
        .longs("shape", 0, -1)
        .node("Conv", "x w", "a", wholes("strides", 1L, 1L), wholes("pads", 1L, 1L, 1L, 1L))
        .node("Add", "a shift", "b")
        .node("Relu", "b", "c")
        .node("MaxPool", "c", "d", wholes("kernel_shape", 2L, 2L))
        .node("Transpose", "d", "e", wholes("perm", 0L, 2L, 3L, 1L))
        .node("Reshape", "e shape", "f")
        .node("Softmax", "f", "y", whole("axis", 1));
  }

  private String refusal(Path file) {
    String message = assertThrows(IOException.class, () -> OnnxImport.read(file)).getMessage();
    assertTrue(message.contains("model.onnx"), message);
    return message;
  }

  private void assertRefused(ProtoModel model, String words) throws IOException {
    String message = refusal(model.write(folder));
    assertTrue(message.contains(words), message);
  }

  @Test
  void mutatedFilesNeverCrashHangOrFillTheMemory() throws IOException {
    byte[] whole = sample().bytes();
    OnnxTensor input = OnnxTensor.ofFloats(new float[16], 1, 1, 4, 4);
    Context context = Context.inference(Workers.shared());
    Path file = folder.resolve("model.onnx");
    int opened = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      Files.write(file, mutated(whole, new SplittableRandom(i)));
      try {
        OnnxModel model = OnnxImport.read(file);
        opened++;
        model.run(List.of(input), context);
        model.graph(1, 1, 4, 4);
      } catch (IOException | IllegalArgumentException refused) {
        assertTrue(refused.getMessage() != null, "mutation " + i);
      } catch (RuntimeException | Error crash) {
        throw new AssertionError("mutation " + i, crash);
      }
    }
    assertTrue(opened > MUTATIONS / 20, "hardly a file got past the reader: " + opened);
  }

  private static byte[] mutated(byte[] whole, RandomGenerator random) {
    byte[] bytes = whole.clone();
    int kind = random.nextInt(4);
    for (int n = random.nextInt(1, 4); n > 0; n--) {
      int at = random.nextInt(bytes.length);
      switch (kind) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        default -> {
          int length = random.nextInt(1, Math.min(32, bytes.length - at + 1));
          int to = random.nextInt(bytes.length - length + 1);
          System.arraycopy(bytes, at, bytes, to, length);
        }
      }
    }
    return bytes;
  }

  @Test
  void tensorsWhoseValuesAreNotThereAreRefused() throws IOException {
    assertRefused(
        sample().floats("big", List.of(1L << 20, 1L << 20), 1), "big: 1 values are not those of");
    assertRefused(
        sample().floats("negative", List.of(-2L), 1), "negative: dimensions must not be negative");
    assertRefused(
        sample().floats("huge", List.of(1L << 40), 1), "huge: dimension 1099511627776 is not");
    TensorProto.Builder raw =
        TensorProto.newBuilder()
            .setName("raw")
            .setDataType(FLOAT)
            .addDims(1 << 30)
            .setRawData(ByteString.copyFrom(new byte[4]));
    assertRefused(sample().tensor(raw), "raw: raw_data of 4 bytes");
  }

  @Test
  void circlesAndNamesGivenTwiceAreRefused() throws IOException {
    ProtoModel circle =
        new ProtoModel()
            .input("x", FLOAT, 1, 1)
            .node("Add", "x b", "a")
            .node("Relu", "a", "b")
            .node("Relu", "b", "y");
    OnnxModel model = OnnxImport.read(circle.write(folder));
    String message =
        assertThrows(IllegalArgumentException.class, () -> model.graph(1, 1)).getMessage();
    assertTrue(message.contains("'b' is not computed before it is used"), message);
    assertRefused(sample().floats("w", List.of(1L), 1), "'w' is given twice");
  }

  @Test
  void modelsThatAskForTooMuchAreRefused() throws IOException {
    ProtoModel constant =
        new ProtoModel().longs("dims", 60_000, 60_000).node("ConstantOfShape", "dims", "y");
    assertRefused(constant, "[60000, 60000] has more than the");
    ProtoModel padded =
        new ProtoModel()
            .input("x", FLOAT, 1, 1, 1, 1)
            .floats("w", List.of(1L, 1L, 1L, 1L), 1)
            .node("Conv", "x w", "y", wholes("pads", 1L << 20, 1L << 20, 1L << 20, 1L << 20));
    OnnxModel model = OnnxImport.read(padded.write(folder));
    String message =
        assertThrows(IllegalArgumentException.class, () -> model.graph(1, 1, 1, 1)).getMessage();
    assertTrue(message.contains("Conv: "), message);
  }

  private ProtoModel external(String... entries) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(FLOAT)
            .addDims(2)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    for (int i = 0; i < entries.length; i += 2) {
      tensor.addExternalData(
          StringStringEntryProto.newBuilder().setKey(entries[i]).setValue(entries[i + 1]));
    }
    return new ProtoModel().input("x", FLOAT, 2).tensor(tensor).node("Add", "x w", "y");
  }

  @Test
  void valuesInAFileBesideTheModelAreRead() throws IOException {
    byte[] values = {9, 9, 9, 9, 0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40};
    Files.write(folder.resolve("weights.bin"), values);
    Path file = external("location", "weights.bin", "offset", "4", "length", "8").write(folder);
    OnnxTensor ten = OnnxTensor.ofFloats(new float[] {10, 10}, 2);
    OnnxTensor sum =
        OnnxImport.read(file).run(List.of(ten), Context.inference(Workers.shared())).getFirst();
    assertArrayEquals(new float[] {11, 12}, sum.floats());
  }

  @ParameterizedTest
  @CsvSource({
    "../outside.bin, 0, 8, is not in the model's folder",
    "inside/../../outside.bin, 0, 8, is not in the model's folder",
    "link.bin, 0, 8, is not in the model's folder",
    "'', 0, 8, is not in the model's folder",
    "missing.bin, 0, 8, missing.bin is missing",
    "weights.bin, 8, 8, has 12 bytes",
    "weights.bin, 9223372036854775807, 8, of external values",
    "weights.bin, 999999999999999999, 8, has 12 bytes",
    "weights.bin, -4, 8, of external values",
    "weights.bin, 0, 4, the dimensions ask for 8",
  })
  void valuesElsewhereOrNotThereAreRefused(
      String location, String offset, String length, String words) throws IOException {
    Path inner = Files.createDirectories(folder.resolve("model"));
    Files.write(folder.resolve("outside.bin"), new byte[12]);
    Files.write(inner.resolve("weights.bin"), new byte[12]);
    Files.createSymbolicLink(inner.resolve("link.bin"), folder.resolve("outside.bin"));
    String message =
        refusal(external("location", location, "offset", offset, "length", length).write(inner));
    assertTrue(message.contains(words), message);
  }
}
