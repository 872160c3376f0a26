package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.models.Models;
import dev.lanewise.nn.io.Safetensors;
import dev.lanewise.nn.layer.Network;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainTest extends CommandTest {

  @TempDir private Path folder;

  private int explain(String... options) {
    Stream<String> out = Stream.of("--out", folder.toString());
    return run(
        Stream.concat(Stream.of("explain", "lenet5"), Stream.concat(Stream.of(options), out))
            .toArray(String[]::new));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void everythingIsShownOfTheFirstBundledDigit() throws IOException {
    assertEquals(0, explain(), this::err);
    assertTrue(out().startsWith("image 0: 7 ("), this::out);
    assertEquals(
        List.of(
            "activations.png",
            "filters.png",
            "grad-cam-over-image.png",
            "grad-cam.png",
            "image.png",
            "index.html",
            "occlusion-over-image.png",
            "occlusion.png",
            "saliency-over-image.png",
            "saliency-smooth-over-image.png",
            "saliency-smooth.png",
            "saliency.png"),
        files());
    for (String file : files()) {
      assertTrue(
          file.endsWith(".html") || ImageIO.read(folder.resolve(file).toFile()).getWidth() >= 200,
          file);
    }
    String page = Files.readString(folder.resolve("index.html"));
    assertTrue(page.contains("Grad-CAM of layer pool2") && page.contains("Filters of layer conv1"));
    assertFalse(page.replace("http-equiv", "").contains("http"), "the page needs other files");
  }

  @Test
  void methodLayerAndClassCanBeChosen() throws IOException {
    String[] options = {"3", "--method", "filters,grad-cam", "--layer", "tanh1", "--class", "8"};
    assertEquals(0, explain(options), this::err);
    String page = Files.readString(folder.resolve("index.html"));
    assertTrue(page.contains("Grad-CAM of layer tanh1") && page.contains("<dd>8, "), page);
    assertTrue(page.contains("Filters of layer conv1"), page);
    assertFalse(page.contains("Occlusion"));
  }

  @Test
  void weightsSayHowManyChannelsAndClassesTheModelHas() throws IOException {
    Network network =
        Models.create("resnet20", Models.options("resnet20").channels(1).classes(4)).initialize(1);
    Path weights = folder.resolve("four.safetensors");
    Safetensors.save(weights, network.state());
    Path digit = folder.resolve("digit.png");
    ImageIO.write(ImageIO.read(picture()), "png", digit.toFile());
    assertEquals(
        0,
        run(
            "explain",
            "resnet20",
            digit.toString(),
            "--weights",
            weights.toString(),
            "--method",
            "grad-cam",
            "--out",
            folder.toString()),
        this::err);
    String page = Files.readString(folder.resolve("index.html"));
    assertTrue(page.contains("Grad-CAM of layer layer3"), page);
  }

  /** The image that another call wrote. */
  private File picture() {
    assertEquals(0, explain("1", "--method", "filters"), this::err);
    return folder.resolve("image.png").toFile();
  }

  @Test
  void wrongUseIsRefusedWithWhatIsPossible() {
    List<List<String>> wrong =
        List.of(
            List.of("--method", "magic", "grad-cam, occlusion"),
            List.of("--class", "10", "class 10 is not one of 10"),
            List.of("--layer", "conv9", "conv1, tanh1"),
            List.of("--layer", "fc1", "pool1"),
            List.of("--method=filters", "--layer=pool1", "conv1, conv2, conv3"),
            List.of("10", "--method=filters", "image 10 is not one of 10"),
            List.of("nothing.png", "--method=filters", "no file 'nothing.png'"));
    for (List<String> options : wrong) {
      String[] arguments = options.subList(0, options.size() - 1).toArray(String[]::new);
      assertEquals(2, explain(arguments), options::toString);
      assertTrue(err().contains(options.getLast()), () -> options + " said " + err());
    }
    String lines = err().lines().filter(l -> l.contains("Exception")).collect(Collectors.joining());
    assertEquals("", lines);
  }
}
