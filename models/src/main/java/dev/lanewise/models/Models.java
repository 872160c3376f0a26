package dev.lanewise.models;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.io.Safetensors;
import dev.lanewise.nn.layer.Network;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The registry of architectures. */
public final class Models {

  private static final Map<String, Supplier<Network>> ARCHITECTURES = new LinkedHashMap<>();

  static {
    ARCHITECTURES.put("lenet5", LeNet5::create);
  }

  private Models() {}

  /** The names that {@link #create} knows, in the order of the survey. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(ARCHITECTURES.keySet());
  }

  /**
   * A network whose parameters are zero until they are initialised or loaded.
   *
   * @throws IllegalArgumentException if the name is unknown, naming the known ones
   */
  public static Network create(String name) {
    Check.that(
        ARCHITECTURES.containsKey(name),
        "unknown model '%s'; known: %s",
        name,
        String.join(", ", ARCHITECTURES.keySet()));
    return ARCHITECTURES.get(name).get();
  }

  /**
   * A network with the trained weights that come with this module. The text beside the weights
   * tells how they were made: {@link #about}.
   *
   * @throws IllegalArgumentException if the name is unknown, naming the known ones, or there are no
   *     weights for it
   */
  public static Network pretrained(String name) {
    Network network = create(name);
    String file = name + ".safetensors";
    try (InputStream in = resource(name, file)) {
      return network.load(Safetensors.load(in, file));
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  /**
   * How the bundled weights of a network were made: the command, the seed and the accuracy.
   *
   * @throws IllegalArgumentException as {@link #pretrained}
   */
  public static String about(String name) {
    create(name);
    try (InputStream in = resource(name, name + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  private static InputStream resource(String name, String file) {
    InputStream in = Models.class.getResourceAsStream(file);
    Check.that(in != null, "no trained weights for %s are bundled", name);
    return in;
  }
}
