package dev.lanewise.models.weights;

import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.io.Safetensors;
import dev.lanewise.nn.layer.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Weights from a file: safetensors, a PyTorch checkpoint ({@code .pth}, {@code .th}, {@code .pt},
 * zip archive or the older pickles), or darknet's {@code .weights}.
 *
 * <p>The first bytes tell PyTorch's files, the name's end darknet's, whose files have nothing to
 * know them by; all others are taken for safetensors.
 */
public sealed interface Weights permits NamedWeights, DarknetWeights {

  /**
   * Reads a file of any of the formats.
   *
   * @throws IOException if it cannot be read, is damaged, or has more in it than weights; in
   *     bounded memory, without executing anything that it holds
   */
  static Weights read(Path file) throws IOException {
    return of(file, false);
  }

  /**
   * The same, but the tensors of a safetensors file stay in it until their elements are asked for:
   * a session of a network to which they are {@linkplain #moveTo moved} reads each filter when it
   * packs it, and the network itself never takes memory. Files of other formats are read.
   *
   * <p>What is infinite or no number is found when it is read, and refused by an {@link
   * java.io.UncheckedIOException}, as is a file that cannot be read any more. It may be replaced
   * meanwhile, but not written into.
   *
   * @throws IOException as {@link #read}
   */
  static Weights open(Path file) throws IOException {
    return of(file, true);
  }

  private static Weights of(Path file, boolean stored) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a folder, not a file");
    }
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(TorchZip.MAGIC.length());
    }
    if (TorchZip.begins(start)) {
      return new NamedWeights(file, TorchZip.read(file));
    }
    if (TorchPickles.begins(start)) {
      return new NamedWeights(file, TorchPickles.read(file));
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".weights")) {
      return DarknetWeights.read(file);
    }
    if (name.endsWith(".pth") || name.endsWith(".th") || name.endsWith(".pt")) {
      throw new IOException(
          file + ": a PyTorch checkpoint begins as a zip archive or a pickle, this does neither");
    }
    return new NamedWeights(file, stored ? Safetensors.lazy(file) : Safetensors.load(file));
  }

  /** The file they are from. */
  Path file();

  /**
   * All values under the file's names, less a prefix that all of them have in common because the
   * network was wrapped ({@code module.}); empty if the format has no names.
   */
  Map<String, Tensor> named();

  /**
   * The values for a network, under its names. Names that the network has not are kept, names that
   * the file has not are absent: {@link Network#fit} tells.
   *
   * @throws IOException if the file's layers cannot be those of the network, or a value for the
   *     network is not finite
   */
  Map<String, Tensor> of(Network network) throws IOException;

  /**
   * Copies the values into a network.
   *
   * @return the network
   * @throws IOException as {@link #of}
   * @throws IllegalArgumentException if names are missing or unexpected or shapes differ, naming
   *     the file and all of them; nothing is changed then
   */
  default Network load(Network network) throws IOException {
    return enter(network::load, of(network));
  }

  /**
   * Gives the values to a network without copying them, which takes half the memory: these weights
   * must not be used any more. Otherwise as {@link #load}.
   */
  default Network moveTo(Network network) throws IOException {
    return enter(network::adopt, of(network));
  }

  private Network enter(Function<Map<String, Tensor>, Network> way, Map<String, Tensor> values) {
    try {
      return way.apply(values);
    } catch (IllegalArgumentException other) {
      throw new IllegalArgumentException(file() + ": " + other.getMessage(), other);
    }
  }
}
