package dev.lanewise.nn.train;

import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.io.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All that a training needs to go on as if it had not been interrupted: live values that are kept
 * in, and restored from, a safetensors file, and texts.
 *
 * <p>The texts that say what the training is must be those of the file: a training does not go on
 * from another.
 */
final class Checkpoint {

  private static final String FORMAT = "lanewise.checkpoint";
  private static final String VERSION = "1";
  private static final String IDENTITY = "training.";

  private final Map<String, String> identity;
  private final Map<String, Tensor> values;

  /**
   * A checkpoint of a training.
   *
   * @param identity what the training is: its options by name
   * @param values what changes while it runs
   */
  Checkpoint(Map<String, String> identity, Map<String, Tensor> values) {
    this.identity = identity;
    this.values = values;
  }

  /** Writes the values and some texts about the moment. */
  void save(Path file, Map<String, String> moment) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>(moment);
    texts.put(FORMAT, VERSION);
    identity.forEach((name, text) -> texts.put(IDENTITY + name, text));
    Safetensors.save(file, values, texts);
  }

  /**
   * Restores the values and returns the texts about the moment.
   *
   * @throws IOException if the file is damaged, no checkpoint, or that of another training; nothing
   *     is restored then
   */
  Map<String, String> restore(Path file) throws IOException {
    Safetensors.Contents contents = Safetensors.read(file);
    Map<String, String> texts = contents.metadata();
    if (!VERSION.equals(texts.get(FORMAT))) {
      throw new IOException(file + ": is no checkpoint that this version can go on from");
    }
    for (Map.Entry<String, String> entry : identity.entrySet()) {
      String before = texts.get(IDENTITY + entry.getKey());
      if (!entry.getValue().equals(before)) {
        throw new IOException(
            "%s: is the checkpoint of another training: %s was %s, is %s"
                .formatted(file, entry.getKey(), before, entry.getValue()));
      }
    }
    for (Map.Entry<String, Tensor> entry : values.entrySet()) {
      Tensor kept = contents.tensors().get(entry.getKey());
      String wanted = Tensor.text(entry.getValue().shape());
      if (kept == null || !wanted.equals(Tensor.text(kept.shape()))) {
        throw new IOException(
            "%s: needs %s of shape %s, holds %s".formatted(file, entry.getKey(), wanted, kept));
      }
    }
    values.forEach(
        (name, live) -> {
          float[] kept = contents.tensors().get(name).data();
          System.arraycopy(kept, 0, live.data(), 0, kept.length);
          live.changed();
        });
    return texts;
  }
}
