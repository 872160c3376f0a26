package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data sets in files other than MNIST's. */
class FilesTest {

  @TempDir private Path folder;

  private void names(String file, int count) throws IOException {
    Files.writeString(
        folder.resolve(file),
        IntStream.range(0, count).mapToObj(i -> "class " + i).collect(Collectors.joining("\n")));
  }

  private static byte[] records(int labelBytes, int... labels) {
    int record = labelBytes + 3072;
    byte[] bytes = new byte[labels.length * record];
    for (int i = 0; i < labels.length; i++) {
      bytes[i * record + labelBytes - 1] = (byte) labels[i];
      for (int j = 0; j < 3072; j++) {
        bytes[i * record + labelBytes + j] = (byte) (i + j);
      }
    }
    return bytes;
  }

  @Test
  void cifar10JoinsItsFiles() throws IOException {
    names("batches.meta.txt", 10);
    for (int i = 1; i <= 5; i++) {
      Files.write(folder.resolve("data_batch_" + i + ".bin"), records(1, i, 9));
    }
    Cifar data = Cifar.load10(folder, Split.TRAIN);
    assertEquals(10, data.size());
    assertEquals(2, data.label(2));
    assertEquals("class 9", data.classes().get(data.label(9)));
    Image image = new Image();
    data.read(3, image);
    assertEquals("[3, 32, 32]", image.shape());
    assertEquals((1025 + 1 & 0xff) / 255f, image.data()[1025], 1e-6f);
    assertEquals(3, data.normalization().mean().size());
  }

  @Test
  void cifar100TakesTheFineLabel() throws IOException {
    names("fine_label_names.txt", 100);
    Files.write(folder.resolve("test.bin"), records(2, 99, 42));
    Cifar data = Cifar.load100(folder, Split.TEST);
    assertEquals(List.of(99, 42), List.of(data.label(0), data.label(1)));
  }

  @Test
  void refusesCifarFilesThatAreNot() throws IOException {
    names("batches.meta.txt", 10);
    Path file = folder.resolve("test_batch.bin");
    assertThrows(IOException.class, () -> Cifar.load10(folder, Split.TEST));
    for (byte[] wrong : List.of(new byte[0], new byte[3074], records(1, 3, 10))) {
      Files.write(file, wrong);
      String message =
          assertThrows(IOException.class, () -> Cifar.load10(folder, Split.TEST)).getMessage();
      assertTrue(message.startsWith(file.toString()), message);
    }
    names("batches.meta.txt", 9);
    Files.write(file, records(1, 3));
    assertThrows(IOException.class, () -> Cifar.load10(folder, Split.TEST));
  }

  private void png(String type, String name, int width, int height, int rgb) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.setRGB(width - 1, 0, rgb);
    Files.createDirectories(folder.resolve(type));
    ImageIO.write(image, "png", folder.resolve(type).resolve(name).toFile());
  }

  @Test
  void foldersAreClassesInTheOrderOfTheirNames() throws IOException {
    png("dog", "b.png", 3, 2, 0xff8000);
    png("cat", "z.png", 2, 4, 0x0000ff);
    png("dog", "A.PNG", 2, 2, 0xffffff);
    Files.writeString(folder.resolve("dog/notes.txt"), "no image");
    Files.writeString(folder.resolve("readme"), "no folder");
    ImageFolder data = ImageFolder.load(folder);
    assertEquals(List.of("cat", "dog"), data.classes());
    assertEquals(3, data.size());
    assertEquals("b.png", data.file(2).getFileName().toString());
    Image image = new Image();
    data.read(2, image);
    assertEquals("[3, 2, 3]", image.shape());
    assertArrayEquals(
        new float[] {1, 128 / 255f, 0},
        new float[] {image.data()[2], image.data()[6 + 2], image.data()[12 + 2]});
    Dataset prepared = new Prepared(data, List.of(new Resize(2), Crop.centre(2)));
    for (int i = 0; i < 3; i++) {
      prepared.read(i, image);
      assertEquals("[3, 2, 2]", image.shape());
    }
    assertEquals(Normalization.IMAGENET, prepared.normalization());
  }

  @Test
  void refusesFoldersWithoutImagesAndNamesADamagedFile() throws IOException {
    assertThrows(IOException.class, () -> ImageFolder.load(folder));
    Files.createDirectories(folder.resolve("cat"));
    assertThrows(IOException.class, () -> ImageFolder.load(folder));
    Path file = folder.resolve("cat/a.png");
    Files.writeString(file, "no image");
    Dataset data = ImageFolder.load(folder);
    Loader loader = Loader.evaluation(data, 1, 1);
    String message =
        assertThrows(
                IOException.class,
                () -> {
                  try (BatchQueue batches = loader.epoch(0)) {
                    batches.next();
                  }
                })
            .getMessage();
    assertTrue(message.startsWith(file.toString()), message);
  }
}
