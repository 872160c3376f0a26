/** The surveyed architectures and their weights. */
module dev.lanewise.models {
  requires transitive dev.lanewise.nn;
  requires com.google.protobuf;
  requires org.tribuo.util.onnx;
  // The tests count what reading a file allocates.
  requires static jdk.management;

  exports dev.lanewise.models;
  exports dev.lanewise.models.onnx;
  exports dev.lanewise.models.onnx.tensor;
  exports dev.lanewise.models.weights;
}
