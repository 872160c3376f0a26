package dev.lanewise.nn.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdxFileTest {

  private static final String HEADER_2X3 = "00000802 00000002 00000003";

  @TempDir Path folder;

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static byte[] gzipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("x-idx"), bytes);
  }

  private void assertRefused(byte[] bytes, String message) throws IOException {
    Path file = file(bytes);
    IOException refusal = assertThrows(IOException.class, () -> IdxFile.read(file));
    assertTrue(refusal.getMessage().startsWith(file + ": "), refusal::getMessage);
    assertTrue(refusal.getMessage().contains(message), refusal::getMessage);
  }

  @Test
  void readsRawAndGzippedFiles() throws IOException {
    byte[] whole = bytes(HEADER_2X3 + "00 01 7f 80 fe ff");
    for (byte[] form : List.of(whole, gzipped(whole))) {
      IdxFile idx = IdxFile.read(file(form));
      assertEquals(List.of(2, 3), idx.dims());
      assertArrayEquals(bytes("00 01 7f 80 fe ff"), idx.values());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', truncated",
    "0000, truncated",
    "00000802 000000, truncated",
    "00000802 00000002 00000003 0102, need 6 bytes; 2 follow",
    "00000801 00000003 010203ff, more bytes follow than the 3",
    "00000802 00000002 7fffffff 0102, more than the file can hold",
    "00000803 7fffffff 7fffffff 7fffffff, more than the file can hold",
    "00000801 ffffffff 01, less than 1",
    "00000801 00000000, less than 1",
    "00000d01 00000001 00000000, type 0d; only unsigned bytes",
    "00000800, not an IDX file",
    "89504e47 0d0a1a0a, not an IDX file",
    "1f8b, truncated",
    "1f8b0000 00000000 0000, damaged gzip data",
  })
  void refusesFilesThatLie(String hex, String message) throws IOException {
    assertRefused(bytes(hex), message);
  }

  @Test
  void refusesGzippedFilesThatLie() throws IOException {
    assertRefused(gzipped(bytes(HEADER_2X3 + "0102")), "need 6 bytes; 2 follow");
    assertRefused(gzipped(bytes("00000802 00010000 00007fff")), "more than the file can hold");
    assertRefused(gzipped(bytes(HEADER_2X3 + "01020304050607")), "more bytes follow than the 6");
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] whole = bytes(HEADER_2X3 + "00 01 7f 80 fe ff");
    for (byte[] form : List.of(whole, gzipped(whole))) {
      for (int length = 0; length < form.length; length++) {
        assertRefused(Arrays.copyOf(form, length), "");
      }
    }
  }
}
