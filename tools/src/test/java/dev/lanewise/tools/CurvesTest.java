package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurvesTest extends CommandTest {

  private static final String HEAD =
      "epoch,rate,train_loss,test_loss,accuracy,top5,seconds,gradient:fc.weight\n";

  @TempDir private Path folder;

  private String log(String name, String... rows) throws IOException {
    Path log = Files.createDirectory(folder.resolve(name));
    Files.writeString(log.resolve("log.csv"), HEAD + String.join("\n", rows));
    return log.toString();
  }

  @Test
  void everyTrainingHasARowAndACurve() throws IOException {
    String one = log("one", "1,0.1,2,1.5,0.5,0.9,3,1e-3", "2,0.1,1,1.25,0.625,0.9,4,1e-3");
    String two = log("two", "1,0.1,2,1.5,0.75,0.9,3,1e-3", "2,0.1,1,1.75,0.6875,0.9,4,1e-3");
    Path html = folder.resolve("curves.html");
    assertEquals(0, run("curves", "first=" + one, two, "--html", html.toString()), this::err);
    assertTrue(
        out()
            .lines()
            .anyMatch(line -> line.matches("first +2 +1.0000 +1.2500 +62.50 % +62.50 % +2 +7.0")),
        this::out);
    assertTrue(out().contains(two) && out().contains("75.00 %"), this::out);
    String page = Files.readString(html);
    assertEquals(8, page.split("<polyline", -1).length - 1);
    assertFalse(page.contains("http"), "the page needs other files");
  }

  @Test
  void whatIsNoLogIsNamed() throws IOException {
    assertEquals(1, run("curves", folder.toString()));
    assertTrue(err().contains("log.csv"), this::err);
    assertEquals(1, run("curves", log("empty")));
    assertTrue(err().contains("holds no epoch"), this::err);
    assertEquals(2, run("curves", "a=x", "a=y"));
  }
}
