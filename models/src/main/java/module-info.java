/** The surveyed architectures and their weights. */
module dev.lanewise.models {
  requires transitive dev.lanewise.nn;
  requires com.google.protobuf;
  requires org.tribuo.util.onnx;

  exports dev.lanewise.models;
  exports dev.lanewise.models.onnx;
  exports dev.lanewise.models.onnx.tensor;
  exports dev.lanewise.models.weights;
}
