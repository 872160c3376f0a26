package dev.lanewise.models.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lanewise.models.Models;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.io.Safetensors;
import dev.lanewise.nn.layer.Network;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files of weights: every one is either read or refused with an IOException that names the
 * file, in little memory.
 */
class WeightsFuzzTest {

  /** A format's; archives are damaged as such in one half and inside in the other. */
  private static final int CASES = 5000;

  private static final Network LENET5 = Models.create("lenet5");

  /** No reader needs a tenth of it for files of some kilobytes. */
  private static final long MOST_ALLOCATED = 32 << 20;

  /** Lengths, counts and offsets that lie. */
  private static final long[] HOSTILE = {
    0,
    1,
    -1,
    0x7f,
    0xff,
    Short.MAX_VALUE,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1L << 30,
    1L << 24
  };

  @TempDir Path folder;

  private int refused;

  /** Reads a file, and tells whether that went well or was refused in the right way. */
  private void read(String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      Weights.read(file).of(LENET5);
    } catch (IOException refusal) {
      refused++;
      assertTrue(
          String.valueOf(refusal.getMessage()).startsWith(file.toString()), refusal::toString);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < MOST_ALLOCATED, () -> allocated + " bytes for " + bytes.length);
  }

  private static byte[] mutated(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
      int at = random.nextInt(bytes.length);
      long hostile = HOSTILE[random.nextInt(HOSTILE.length)];
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> buffer.putInt(Math.max(0, Math.min(at, bytes.length - 4)), (int) hostile);
        case 3 -> buffer.putLong(Math.max(0, Math.min(at, bytes.length - 8)), hostile);
        default -> {
          int from = random.nextInt(bytes.length);
          int length = Math.min(random.nextInt(32), bytes.length - Math.max(from, at));
          System.arraycopy(bytes, from, bytes, at, length);
        }
      }
    }
    return random.nextInt(10) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private void fuzz(String name, int cases, byte[]... wholes) throws IOException {
    Random random = new Random(name.hashCode());
    for (byte[] whole : wholes) {
      for (int i = 0; i < cases / wholes.length; i++) {
        read(name, mutated(whole, random));
      }
    }
    assertTrue(refused > cases / 4, () -> refused + " refused of " + cases);
  }

  private void everyTruncationIsRefused(String name, byte[] whole, int step) throws IOException {
    refused = 0;
    int cases = 0;
    for (int length = 0; length < whole.length; length += step) {
      read(name, Arrays.copyOf(whole, length));
      cases++;
    }
    assertEquals(cases, refused);
  }

  private static byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(Fixtures.path(name));
  }

  @Test
  void archivesOfPyTorch() throws IOException {
    fuzz("x.pth", CASES / 2, bytes("network.pth"), bytes("checkpoint.pth"), bytes("views.pth"));
    everyTruncationIsRefused("x.pth", bytes("views.pth"), 1);
  }

  /** The pickle alone is damaged, and the archive's check sums are right. */
  @Test
  void picklesInArchivesOfPyTorch() throws IOException {
    Random random = new Random(7);
    try (ZipFile zip = new ZipFile(Fixtures.path("checkpoint.pth").toFile())) {
      for (int i = 0; i < CASES / 2; i++) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
          for (ZipEntry entry : Collections.list(zip.entries())) {
            try (InputStream in = zip.getInputStream(entry)) {
              byte[] content = in.readAllBytes();
              store(
                  out,
                  entry.getName(),
                  entry.getName().endsWith(".pkl") ? mutated(content, random) : content);
            }
          }
        }
        read("x.pth", bytes.toByteArray());
      }
    }
    assertTrue(refused > CASES / 8, () -> refused + " refused of " + CASES / 2);
  }

  private static void store(ZipOutputStream out, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 check = new CRC32();
    check.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(check.getValue());
    out.putNextEntry(entry);
    out.write(content);
  }

  @Test
  void picklesOfPyTorch() throws IOException {
    fuzz(
        "x.th",
        CASES,
        bytes("network_legacy.pth"),
        bytes("checkpoint_legacy.pth"),
        bytes("views_legacy.pth"),
        bytes("types_legacy.pth"));
    everyTruncationIsRefused("x.th", bytes("checkpoint_legacy.pth"), 3);
  }

  @Test
  void safetensors() throws IOException {
    Path file = folder.resolve("whole.safetensors");
    Safetensors.save(
        file,
        Map.of("conv1.bias", Tensor.zeros(6), "fc2.weight", Tensor.zeros(2, 84)),
        Map.of("format", "pt"));
    byte[] whole = Files.readAllBytes(file);
    fuzz("x.safetensors", CASES, whole);
    everyTruncationIsRefused("x.safetensors", whole, 1);
  }

  @Test
  void darknet() throws IOException {
    byte[] whole = new byte[20 + 61_706 * 4];
    whole[4] = 2;
    Random random = new Random(3);
    for (int i = 0; i < CASES / 100; i++) {
      read("x.weights", mutated(whole, random));
    }
    byte[] header = Arrays.copyOf(whole, 64);
    for (int i = 0; i < CASES; i++) {
      read("x.weights", mutated(header, random));
    }
    everyTruncationIsRefused("x.weights", whole, 6007);
  }
}
