package dev.lanewise.models.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.nio.file.Path;

/** Reads ONNX files, which may be damaged or hostile. */
public final class OnnxImport {

  private OnnxImport() {}

  /**
   * Reads a model. Values of its tensors may lie in files of the same folder.
   *
   * @throws UnsupportedModelException if it needs what does not exist here; all of it is named
   * @throws IOException if the file is missing, damaged or breaks a rule, with its name
   */
  public static OnnxModel read(Path file) throws IOException {
    ModelProto proto = ProtoFile.read(file, ProtoFile.Kind.MODEL, ModelProto.parser());
    try {
      Path folder = file.toAbsolutePath().getParent();
      OnnxModel model = new OnnxModel(proto, new ExternalData(folder));
      if (!model.lacking().isEmpty()) {
        throw new UnsupportedModelException(file, model.operators(), model.lacking());
      }
      return model;
    } catch (IllegalArgumentException broken) {
      throw new IOException(file + ": " + broken.getMessage(), broken);
    }
  }
}
