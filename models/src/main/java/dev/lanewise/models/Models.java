package dev.lanewise.models;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.layer.Network;
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

  /** The names that {@link #create} knows. */
  public static Set<String> names() {
    return Set.copyOf(ARCHITECTURES.keySet());
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
}
