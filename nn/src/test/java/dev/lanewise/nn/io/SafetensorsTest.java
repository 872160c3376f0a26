package dev.lanewise.nn.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.io.AtomicFile;
import dev.lanewise.nn.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

  @TempDir Path folder;

  /** A file with this header and so many bytes of data. */
  private Path file(long headerLength, String header, int dataLength) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + dataLength).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(headerLength).put(text);
    return Files.write(folder.resolve("x.safetensors"), bytes.array());
  }

  private void assertRefused(Path file, String message) {
    IOException refusal = assertThrows(IOException.class, () -> Safetensors.load(file));
    assertTrue(refusal.getMessage().startsWith(file + ": "), refusal::getMessage);
    assertTrue(refusal.getMessage().contains(message), refusal::getMessage);
  }

  @Test
  void whatIsSavedIsLoaded() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("b.weight", Tensor.of(new float[] {1, -2, 3, Float.MIN_VALUE, 5, 6}, 2, 3));
    tensors.put("a \"quoted\" é", Tensor.of(new float[] {7}, 1));
    Path file = folder.resolve("weights.safetensors");
    Safetensors.save(file, tensors, Map.of("model", "test"));
    Map<String, Tensor> loaded = Safetensors.load(file);
    assertEquals(List.copyOf(tensors.keySet()), List.copyOf(loaded.keySet()));
    loaded.forEach(
        (name, tensor) -> {
          assertArrayEquals(tensors.get(name).shape(), tensor.shape());
          assertArrayEquals(tensors.get(name).values(), tensor.values());
        });
    try (var left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList());
    }
  }

  @Test
  void aFailedSaveLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = Files.writeString(folder.resolve("old"), "old");
    assertThrows(
        IOException.class,
        () ->
            AtomicFile.write(
                file,
                out -> {
                  out.write(1);
                  throw new IOException("disk full");
                }));
    assertEquals("old", Files.readString(file));
    try (var left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList());
    }
    IOException refusal =
        assertThrows(
            IOException.class, () -> Safetensors.save(folder.resolve("missing/x"), Map.of()));
    assertTrue(refusal.getMessage().endsWith("its folder does not exist"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{{| the header is not JSON",
        "[]| damaged header",
        "{} {}| the header is not JSON",
        "{\"a\":1}| damaged header",
        "{'a':{}}| the header is not JSON",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4]}}| needs dtype, shape and two data_offsets",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0]}}| two data_offsets",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,8,16]}}| more than 2",
        "{\"a\":{\"dtype\":\"C64\",\"shape\":[2],\"data_offsets\":[0,16]}}| type C64; those that"
            + " are",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,16]}}| needs 12 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[0,20]}}| of 16 bytes of data",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[-4,12]}}| bytes -4 to 12",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[12,0]}}| bytes 12 to 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1,-4],\"data_offsets\":[0,16]}}| does not fit",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}| does not fit",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4.5],\"data_offsets\":[0,16]}}| damaged header",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387905,4],\"data_offsets\":[0,16]}}"
            + "| does not fit",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}| end at byte 12 of 16",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[4,16]}}| after a gap",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[4,16]}}| inside another",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}| stands twice",
      })
  void refusesHeadersThatLie(String header, String message) throws IOException {
    assertRefused(file(header.length(), header, 16), message);
  }

  @Test
  void refusesLengthsThatTheFileDoesNotHave() throws IOException {
    assertRefused(
        file(3, "{}", 0), "says its header has 3 bytes; it has at least 2 and at most the 2");
    assertRefused(file(-1, "{}", 0), "says its header has 18446744073709551615 bytes");
    assertRefused(file(0, "{}", 0), "says its header has 0 bytes");
    Path empty = Files.write(folder.resolve("empty"), new byte[0]);
    assertRefused(empty, "has at least 8 bytes, this has 0");
  }

  @Test
  void refusesNestingThatGoesOnAndOn() throws IOException {
    String nested = "{\"a\":" + "[".repeat(1_000_000);
    assertRefused(file(nested.length(), nested, 0), "");
    String metadata = "{\"__metadata__\":" + "[".repeat(1_000_000);
    assertRefused(file(metadata.length(), metadata, 0), "");
  }

  /** What the bytes {@code bits} are as elements of a type, in a file of that one tensor. */
  private float[] read(String type, int bytes, long... bits) throws IOException {
    String header =
        "{\"a\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
            .formatted(type, bits.length, bits.length * bytes);
    Path file = file(header.length(), header, bits.length * bytes);
    byte[] all = Files.readAllBytes(file);
    for (int i = 0; i < bits.length * bytes; i++) {
      all[8 + header.length() + i] = (byte) (bits[i / bytes] >> (8 * (i % bytes)));
    }
    return Safetensors.load(Files.write(file, all)).get("a").values();
  }

  @Test
  void otherTypesBecomeTheNearestFloats() throws IOException {
    assertArrayEquals(
        new float[] {1.5f, (float) 0.1, -Float.MAX_VALUE},
        read(
            "F64",
            8,
            Double.doubleToLongBits(1.5),
            Double.doubleToLongBits(0.1),
            Double.doubleToLongBits(-Float.MAX_VALUE)));
    // The largest half, the least subnormal one, and -2.
    assertArrayEquals(new float[] {65504, 0x1p-24f, -2}, read("F16", 2, 0x7bff, 0x0001, 0xc000));
    assertArrayEquals(new float[] {1, -3.140625f}, read("BF16", 2, 0x3f80, 0xc049));
    assertArrayEquals(new float[] {-1, 1L << 40}, read("I64", 8, -1, 1L << 40));
    assertArrayEquals(new float[] {-1, 70_000}, read("I32", 4, -1, 70_000));
    assertArrayEquals(new float[] {-1, 300}, read("I16", 2, -1, 300));
    assertArrayEquals(new float[] {-1, 127}, read("I8", 1, -1, 127));
    assertArrayEquals(new float[] {255, 127}, read("U8", 1, -1, 127));
    assertArrayEquals(new float[] {0, 1, 1}, read("BOOL", 1, 0, 1, 2));
  }

  @Test
  void aTensorOfSeveralPiecesIsReadWhole() throws IOException {
    float[] values = new float[700_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Path file = folder.resolve("long");
    Safetensors.save(file, Map.of("a", Tensor.of(values, values.length)));
    assertArrayEquals(values, Safetensors.load(file).get("a").values());
    assertArrayEquals(
        values, Safetensors.load(Files.newInputStream(file), "stream").get("a").values());
  }

  @Test
  void lazyTensorsAreReadFromTheFileAsItWasOpened() throws IOException {
    Path file = folder.resolve("lazy");
    Map<String, Tensor> saved =
        Map.of("a", Tensor.of(new float[] {1, 2}, 2), "b", Tensor.of(new float[] {3}, 1));
    Safetensors.save(file, saved);
    Map<String, Tensor> lazy = Safetensors.lazy(file);
    Safetensors.save(file, Map.of("a", Tensor.zeros(9)));
    lazy.forEach(
        (name, tensor) -> {
          assertTrue(tensor.isStored());
          assertArrayEquals(saved.get(name).shape(), tensor.shape());
          assertArrayEquals(saved.get(name).values(), tensor.values());
        });
    assertEquals(saved.keySet(), lazy.keySet());
    assertThrows(IOException.class, () -> Safetensors.lazy(folder));
    Files.write(file, new byte[20]);
    assertThrows(IOException.class, () -> Safetensors.lazy(file));
  }

  @Test
  void aFileThatIsCutAfterItWasOpenedIsRefused() throws IOException {
    Path file = folder.resolve("cut");
    Safetensors.save(file, Map.of("a", Tensor.zeros(3)));
    Tensor tensor = Safetensors.lazy(file).get("a");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 1);
    }
    assertEquals(
        file + ": became shorter while it was read",
        assertThrows(UncheckedIOException.class, tensor::data).getMessage());
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    Path whole = folder.resolve("whole");
    Safetensors.save(whole, Map.of("a", Tensor.zeros(3)));
    byte[] bytes = Files.readAllBytes(whole);
    for (int length = 0; length < bytes.length; length++) {
      assertRefused(Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, length)), "");
    }
  }
}
