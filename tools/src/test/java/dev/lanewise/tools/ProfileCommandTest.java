package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileCommandTest extends CommandTest {

  @TempDir Path folder;

  @Test
  void everyStepIsListedAndDrawn() throws IOException {
    Path html = folder.resolve("profile.html");
    int status =
        run(
            "profile",
            "lenet5",
            "--threads",
            "1",
            "--batch",
            "2",
            "--seconds",
            "0.01",
            "--html",
            html.toString());
    assertEquals(0, status, this::err);
    List<String> lines = out().lines().toList();
    assertEquals("lenet5 on 2x1x32x32, 1 thread", lines.getFirst());
    assertTrue(
        lines.stream().anyMatch(line -> line.matches("conv1 +\\S+ +2x6x\\d+x\\d+( +\\S+)+")),
        this::out);
    assertTrue(lines.getLast().matches("\\d+ reorders, .* of the time"), this::out);
    int steps = lines.indexOf(lines.reversed().get(2)) - 3;
    String page = Files.readString(html);
    assertEquals(steps, Pattern.compile("<rect ").matcher(page).results().count());
    // Five layers multiply.
    assertEquals(5, Pattern.compile("<circle ").matcher(page).results().count());
    assertFalse(Pattern.compile("https?:|src=|<script|<link|@import").matcher(page).find());
  }

  @Test
  void imagesMayBeOfAnotherSize() {
    assertEquals(0, run("profile", "resnet20", "--size", "16x24", "--seconds", "0.01"), this::err);
    assertTrue(out().startsWith("resnet20 on 1x3x16x24, "), this::out);
  }

  @Test
  void whatCannotBeMeasuredIsRefused() {
    assertEquals(2, run("profile", "lenet5", "--seconds", "0"));
    assertTrue(err().contains("--seconds must be above 0 and at most 3600, is 0.0"), this::err);
    assertEquals(2, run("profile", "lenet5", "--size", "0x8"));
    assertTrue(err().contains("'0x8' is no size such as 224 or 200x300"), this::err);
    assertEquals(1, run("profile", "lenet5", "--size", "8"));
    assertTrue(err().contains("conv"), this::err);
    assertEquals(1, run("profile", "lenet5", "--html", folder.resolve("no/p.html").toString()));
    assertTrue(err().contains("its folder does not exist"), this::err);
  }
}
