package dev.lanewise.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.models.onnx.OnnxImport;
import dev.lanewise.models.onnx.OnnxModel;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.session.Session;
import dev.lanewise.nn.session.SessionOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What we compute from models of others is what ONNX Runtime computes. */
class TextReadersTest {

  private static final double TOLERANCE = 1e-3;

  private static final List<String> WORD =
      """
      #.....###..#...#.#####
      #....#...#.##..#.#....
      #....#...#.#.#.#.#....
      #....#####.#..##.####.
      #....#...#.#...#.#....
      #....#...#.#...#.#....
      ####.#...#.#...#.#####
      """
          .lines()
          .toList();

  @TempDir private Path folder;

  /** PP-OCR: the direction of a line of text, where the lines are, and what they say. */
  @ParameterizedTest
  @CsvSource({
    "ch_ppocr_mobile_v2.0_cls_infer, 48, 192",
    "ch_PP-OCRv3_det_infer, 96, 160",
    "ch_PP-OCRv4_det_infer, 96, 160",
    "ch_PP-OCRv3_rec_infer, 48, 96",
    "ch_PP-OCRv4_rec_infer, 48, 96",
  })
  void readersOfTextAgree(String name, int height, int width) throws IOException, OrtException {
    Path file = folder.resolve(name + ".onnx");
    try (InputStream model =
        ClassLoader.getSystemResourceAsStream("models/" + file.getFileName())) {
      Files.copy(model, file);
    }
    int[] shape = {1, 3, height, width};
    float[] input = word(height, width);
    OnnxModel model = OnnxImport.read(file);
    float[] expected = runtime(file, input, shape);
    Context context = Context.inference(Workers.shared());
    Tensor unfused =
        model.graph(shape).forward(List.of(Tensor.of(input, shape)), context).getFirst();
    assertAgrees(expected, unfused.values());
    try (Session session = Session.compile(model::graph, SessionOptions.defaults(), shape)) {
      assertArrayEquals(unfused.shape(), session.outputShape());
      assertAgrees(expected, session.run(input));
    }
  }

  /** An image of a word in black on white, as a scanner would see it. */
  private static float[] word(int height, int width) {
    float[] input = new float[3 * height * width];
    Random random = new Random(7);
    int scale = height / 16;
    for (int i = 0; i < input.length; i++) {
      int x = (i % width - 2 * scale) / scale;
      int y = (i / width % height - 4 * scale) / scale;
      boolean ink =
          x >= 0
              && y >= 0
              && y < WORD.size()
              && x < WORD.get(y).length()
              && WORD.get(y).charAt(x) == '#';
      input[i] = (ink ? -2 : 2) + random.nextFloat(-0.1f, 0.1f);
    }
    return input;
  }

  private static float[] runtime(Path file, float[] input, int... shape) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] dims = {shape[0], shape[1], shape[2], shape[3]};
    try (OrtSession session = environment.createSession(file.toString());
        OnnxTensor given = OnnxTensor.createTensor(environment, FloatBuffer.wrap(input), dims);
        OrtSession.Result result =
            session.run(Map.of(session.getInputNames().iterator().next(), given))) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] floats = new float[values.remaining()];
      values.get(floats);
      return floats;
    }
  }

  /** All outputs are shares of 1. */
  private static void assertAgrees(float[] expected, float... actual) {
    assertEquals(expected.length, actual.length);
    double greatest = 0;
    for (int i = 0; i < actual.length; i++) {
      greatest = Math.max(greatest, expected[i]);
      assertEquals(expected[i], actual[i], TOLERANCE, "element " + i);
    }
    assertTrue(greatest > 0.1, "nothing was found, nothing tested: " + greatest);
  }
}
