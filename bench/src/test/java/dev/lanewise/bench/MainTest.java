package dev.lanewise.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.bench.peer.Peer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MainTest {

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  @Test
  void comparesTwoRowsAndWritesThemAsJson() throws IOException {
    Path json = folder.resolve("layers.json");
    assertEquals(
        0,
        run(
            "compare",
            "layers",
            "--only=1x1 *>256@*",
            "--algorithm=direct",
            "--seconds=0.01",
            "--json=" + json),
        err::toString);
    assertTrue(out.toString().contains("1x1 64>256@56"), out::toString);

    JsonObject report = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    assertEquals(
        Set.of(
            "command",
            "machine",
            "threads",
            "peakGflops",
            "memoryGbs",
            "libraries",
            "absent",
            "rows"),
        report.keySet());
    assertEquals(
        "compare layers '--only=1x1 *>256@*' --algorithm=direct --seconds=0.01 --json=" + json,
        report.get("command").getAsString());
    assertEquals(
        Set.of("cpu", "cores", "lanes", "jvm", "os"), report.getAsJsonObject("machine").keySet());
    assertEquals(1, report.get("threads").getAsInt());
    assertTrue(report.get("peakGflops").getAsDouble() > 0);
    List<JsonElement> rows = report.getAsJsonArray("rows").asList();
    assertEquals(
        List.of("1x1 64>256@56", "1x1 1024>256@14"),
        rows.stream().map(row -> row.getAsJsonObject().get("name").getAsString()).toList());
    for (JsonElement element : rows) {
      JsonObject row = element.getAsJsonObject();
      assertEquals(Set.of("name", "mflop", "megabytes", "results", "notes"), row.keySet());
      assertEquals(102.8, row.get("mflop").getAsDouble(), 0.05);
      JsonObject results = row.getAsJsonObject("results");
      assertEquals(Set.of("lanewise"), results.keySet());
      JsonObject ours = results.getAsJsonObject("lanewise");
      assertEquals(Set.of("ms", "algorithm"), ours.keySet());
      assertTrue(ours.get("ms").getAsDouble() > 0);
      assertEquals("direct", ours.get("algorithm").getAsString());
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "--only 9x9*             | --only=9x9* matches no row; the rows are: 7x7 s2 3>64@224,",
        "--peers fftw            | unknown peer 'fftw': the peers are onnxruntime, onednn",
        "--algorithm slow        | unknown algorithm 'slow'",
        "--threads 0             | --threads=0 must be at least 1",
        "--seconds 0             | --seconds=0.0 must be above 0",
        "--seconds NaN           | --seconds=NaN must be above 0",
        "--json no/such/file     | --json=no/such/file: no file can be written in the folder",
        "--json .                | --json=.: that is a folder, not a file",
        "--html no/such/file     | --html=no/such/file: no file can be written in the folder",
        "--direction back        | unknown direction 'back'; known: forward, data, filter",
        "--unknown               | Unknown option: '--unknown'",
      })
  void aMistakeIsExplainedAndNothingIsMeasured(String arguments, String explanation) {
    List<String> words = List.of(("compare layers " + arguments).split(" "));
    assertEquals(2, run(words.toArray(String[]::new)));
    assertTrue(err.toString().contains(explanation), err::toString);
    assertFalse(err.toString().contains("\tat "), err::toString);
    assertEquals("", out.toString());
  }

  @Test
  void aPeerThatTheBuildLeftOutIsNamedWithTheProfileThatBringsIt() {
    assumeTrue(ServiceLoader.load(Peer.class).findFirst().isEmpty(), "built with the peers");
    assertEquals(
        0,
        run(
            "compare",
            "layers",
            "--peers=onednn,netlib",
            "--only=1x1 1024*",
            "--algorithm=direct",
            "--seconds=0.01"));
    for (String name : List.of("onednn", "netlib")) {
      String line =
          name + " is left out: not on the class path: build with the Maven profile peers";
      assertTrue(err.toString().contains(line), err::toString);
      assertTrue(out.toString().contains(line), out::toString);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "layers --direction=data --only=depthwise*512*",
    "layers --direction=filter --only=depthwise*512*",
    "separable --only=5x5*"
  })
  void theOtherListsRunToo(String arguments) {
    List<String> words = new ArrayList<>(List.of(("compare " + arguments).split(" ")));
    words.add("--seconds=0.01");
    assertEquals(0, run(words.toArray(String[]::new)), err::toString);
    assertTrue(out.toString().contains("best run of each"), out::toString);
  }

  @Test
  void theHtmlReportIsWritten() throws IOException {
    Path html = folder.resolve("layers.html");
    assertEquals(
        0,
        run("compare", "layers", "--only=1x1 1024*", "--seconds=0.01", "--html=" + html),
        err::toString);
    assertTrue(Files.readString(html).contains("1x1 1024&gt;256@14"));
  }

  @Test
  void thePlannersPicksAreMeasured() throws IOException {
    Path json = folder.resolve("planner.json");
    assertEquals(
        0,
        run("compare", "planner", "--shapes=2", "--seconds=0.001", "--json=" + json),
        err::toString);
    assertTrue(out.toString().contains("of 2 picks"), out::toString);
    JsonObject report = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    assertEquals(
        Set.of("command", "machine", "threads", "within", "good", "shapes"), report.keySet());
    JsonObject shape = report.getAsJsonArray("shapes").get(0).getAsJsonObject();
    assertEquals(
        Set.of("shape", "mflop", "picked", "best", "behind", "candidates"), shape.keySet());
    JsonObject candidate = shape.getAsJsonArray("candidates").get(0).getAsJsonObject();
    assertEquals(Set.of("algorithm", "cost", "ms"), candidate.keySet());
    assertTrue(candidate.get("ms").getAsDouble() > 0);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "--shapes 0       | --shapes=0 must be from 1 to 10000",
        "--threads 0      | --threads=0 must be at least 1",
        "--seconds 0      | --seconds=0.0 must be above 0",
        "--worst -1       | --worst=-1 must not be negative",
        "--json no/such/f | --json=no/such/f: no file can be written in the folder",
        "--accuracy none  | Invalid value for option '--accuracy'",
      })
  void aMistakeOfThePlannersOptionsIsExplained(String arguments, String explanation) {
    List<String> words = List.of(("compare planner " + arguments).split(" "));
    assertEquals(2, run(words.toArray(String[]::new)));
    assertTrue(err.toString().contains(explanation), err::toString);
  }

  @ParameterizedTest
  @CsvSource({"''", "compare"})
  void aMissingCommandIsAMistake(String arguments) {
    assertEquals(
        2,
        run(Arrays.stream(arguments.split(" ")).filter(w -> !w.isEmpty()).toArray(String[]::new)));
    assertTrue(err.toString().contains("missing"), err::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "--help",
    "compare --help",
    "compare layers --help",
    "compare separable --help",
    "compare planner --help"
  })
  void everyCommandHasHelp(String arguments) {
    assertEquals(0, run(arguments.split(" ")));
    assertTrue(out.toString().contains("Exit status"), out::toString);
  }
}
