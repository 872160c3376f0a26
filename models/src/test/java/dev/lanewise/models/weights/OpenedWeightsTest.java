package dev.lanewise.models.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.models.Models;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.io.Safetensors;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.session.Session;
import dev.lanewise.nn.session.SessionOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenedWeightsTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void save() {
    file = folder.resolve("weights.safetensors");
  }

  private Network opened() throws IOException {
    return Weights.open(file).moveTo(Models.create("lenet5"));
  }

  @Test
  void aSessionReadsThemAndTheNetworkDoesNotKeepThem() throws IOException {
    Network network = Models.create("lenet5").initialize(5);
    Map<String, Tensor> wrapped = new LinkedHashMap<>();
    network.state().forEach((name, values) -> wrapped.put("module." + name, values));
    Safetensors.save(file, wrapped);
    Network opened = opened();
    float[] image = new float[32 * 32];
    image[100] = 1;
    try (Session expected = Session.compile(network, SessionOptions.defaults(), 1, 1, 32, 32);
        Session session = Session.compile(opened, SessionOptions.defaults(), 1, 1, 32, 32)) {
      assertArrayEquals(expected.run(image), session.run(image));
    }
    Tensor filter = opened.state().get(filter(opened));
    assertTrue(filter.isStored());
    assertArrayEquals(network.state().get(filter(network)).values(), filter.values());
    assertFalse(filter.isStored());
  }

  /** Some name of a filter. */
  private static String filter(Network network) {
    return network.state().entrySet().stream()
        .filter(entry -> entry.getValue().rank() == 4)
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  @Test
  void whatIsNoNumberIsRefusedWhenItIsRead() throws IOException {
    Network network = Models.create("lenet5").initialize(5);
    String name = filter(network);
    network.state().get(name).data()[3] = Float.NaN;
    Safetensors.save(file, network.state());
    Network opened = opened();
    UncheckedIOException refusal =
        assertThrows(
            UncheckedIOException.class,
            () -> Session.compile(opened, SessionOptions.defaults(), 1, 1, 32, 32));
    assertEquals(
        "%s: weights must be finite, tensor %s holds NaN".formatted(file, name),
        refusal.getMessage());
  }

  @Test
  void whatDoesNotFitIsRefusedAtOnce() throws IOException {
    Safetensors.save(file, Map.of("other", Tensor.zeros(2)));
    assertTrue(
        assertThrows(IllegalArgumentException.class, this::opened)
            .getMessage()
            .startsWith(file + ": the weights do not fit lenet5"));
  }
}
