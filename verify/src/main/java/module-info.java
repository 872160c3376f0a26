/** Independent references and the checks built on them. */
module dev.lanewise.verify {
  requires transitive dev.lanewise.models;
  requires com.google.gson;
  requires com.google.protobuf;
  requires org.tribuo.util.onnx;
  requires jdk.management;

  exports dev.lanewise.verify;
  exports dev.lanewise.verify.check to
      dev.lanewise.tools;
  exports dev.lanewise.verify.reference;
}
