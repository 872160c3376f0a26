package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttackTest extends CommandTest {

  @TempDir private Path folder;

  private int attack(String... options) {
    return run(
        Stream.concat(Stream.of("attack", "lenet5"), Stream.of(options)).toArray(String[]::new));
  }

  @Test
  void bundledDigitsAreAttackedAndTheFiguresWritten() throws IOException {
    Path html = folder.resolve("attack.html");
    Path json = folder.resolve("attack.json");
    assertEquals(
        0,
        attack(
            "--method=fgsm,pgd",
            "--steps=3",
            "--epsilons=0,0.2",
            "--html=" + html,
            "--json=" + json),
        this::err);
    assertTrue(out().contains("FGSM: 10 images") && out().contains("PGD of 3 steps"), this::out);
    JsonObject report = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    JsonArray attacks = report.getAsJsonArray("attacks");
    assertEquals(2, attacks.size());
    for (int i = 0; i < 2; i++) {
      JsonArray points = attacks.get(i).getAsJsonObject().getAsJsonArray("points");
      assertEquals(1, points.get(0).getAsJsonObject().get("accuracy").getAsDouble());
      assertTrue(points.get(1).getAsJsonObject().get("accuracy").getAsDouble() < 0.5);
    }
    String page = Files.readString(html);
    assertTrue(page.contains("<polyline") && page.contains("PGD of 3 steps, epsilon 0.2"));
    assertFalse(page.contains("http"), "the page needs other files");
  }

  @Test
  void limitDrawsSomeOfTheImages() {
    assertEquals(0, attack("--limit", "4", "--epsilons", "0.1"), this::err);
    assertTrue(out().contains("FGSM: 4 images"), this::out);
  }

  @Test
  void wrongUseIsRefused() {
    List<String> wrong =
        List.of(
            "--epsilons=0,1.5",
            "--epsilons=-0.1",
            "--epsilons=few",
            "--method=magic",
            "--steps=0",
            "--limit=0",
            "--html=" + folder,
            "--json=" + folder.resolve("no/such/file"));
    for (String option : wrong) {
      assertEquals(2, attack(option), option);
    }
    assertEquals(1, attack("--data", folder.toString()));
    assertTrue(err().contains("t10k-images-idx3-ubyte"), this::err);
  }
}
