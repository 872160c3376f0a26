package dev.lanewise.nn.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFileTest {

  /** Where a PNG has the width: behind its signature and the name and length of the header. */
  private static final int WIDTH = 16;

  @TempDir private Path folder;

  private static byte[] png(int width, int height) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "png", bytes);
    return bytes.toByteArray();
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("image"), bytes);
  }

  private String refusal(byte[] bytes) throws IOException {
    Path file = file(bytes);
    String message = assertThrows(IOException.class, () -> ImageFile.read(file)).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    return message;
  }

  @Test
  void imageIsReadWhateverItsName() throws IOException {
    BufferedImage image = ImageFile.read(file(png(30, 20)));
    assertEquals(30, image.getWidth());
    assertEquals(20, image.getHeight());
  }

  @Test
  void largeImageIsReadAtAFractionOfItsSize() throws IOException {
    BufferedImage image = ImageFile.read(file(png(5000, 100)));
    assertEquals(1667, image.getWidth());
    assertEquals(34, image.getHeight());
  }

  @Test
  void fileThatIsNoImageIsRefused() throws IOException {
    String message = refusal("a letter, not an image".getBytes(StandardCharsets.US_ASCII));
    assertTrue(message.contains("PNG, JPEG"), message);
  }

  @Test
  void truncatedImageIsRefused() throws IOException {
    byte[] whole = png(300, 200);
    refusal(Arrays.copyOf(whole, 60));
    refusal(Arrays.copyOf(whole, 10));
  }

  @Test
  void truncatedJpegIsRefusedAndNotFilledUp() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(300, 200, BufferedImage.TYPE_BYTE_GRAY), "jpg", bytes);
    byte[] whole = bytes.toByteArray();
    ImageFile.read(file(whole));
    String message = refusal(Arrays.copyOf(whole, whole.length - whole.length / 4));
    assertTrue(message.contains("truncated"), message);
  }

  @Test
  void folderIsRefused() {
    String message = assertThrows(IOException.class, () -> ImageFile.read(folder)).getMessage();
    assertTrue(message.contains("is a folder"), message);
  }

  @Test
  void headerThatClaimsAGiganticImageIsRefusedBeforeAnythingIsAllocated() throws IOException {
    byte[] bytes = png(8, 8);
    ByteBuffer.wrap(bytes).putInt(WIDTH, 1 << 30).putInt(WIDTH + 4, 1 << 20);
    CRC32 checksum = new CRC32();
    checksum.update(bytes, WIDTH - 4, 17);
    ByteBuffer.wrap(bytes).putInt(WIDTH + 13, (int) checksum.getValue());
    String message = refusal(bytes);
    assertTrue(message.contains("1073741824 x 1048576"), message);
  }
}
