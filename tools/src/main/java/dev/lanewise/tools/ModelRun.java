package dev.lanewise.tools;

import dev.lanewise.models.onnx.OnnxModel;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Tensors;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.session.Session;
import dev.lanewise.nn.session.SessionOptions;
import java.util.ArrayList;
import java.util.List;

/** One run of an ONNX model, in a session if it fits one. */
final class ModelRun {

  private final OnnxModel model;
  private final ThreadsOption threads;
  private final List<OnnxTensor> inputs;
  private final List<String> remarks = new ArrayList<>();

  ModelRun(OnnxModel model, ThreadsOption threads, List<OnnxTensor> inputs) {
    this.model = model;
    this.threads = threads;
    this.inputs = inputs;
  }

  /**
   * Computes the outputs.
   *
   * @throws IllegalArgumentException if an input does not fit the model, or a node breaks a rule
   */
  List<OnnxTensor> results() {
    boolean fits =
        inputs.size() == 1
            && model.outputs().size() == 1
            && inputs.getFirst().size() > 0
            && inputs.getFirst().type() == ElementType.FLOAT;
    if (fits) {
      try {
        return List.of(bySession(inputs.getFirst()));
      } catch (IllegalArgumentException doesNot) {
        remarks.add("no session: " + doesNot.getMessage());
      }
    }
    remarks.add("computed node by node");
    return model.run(inputs, Context.inference(threads.workers()));
  }

  private OnnxTensor bySession(OnnxTensor input) {
    ElementType type = model.open(List.of(input.dims())).outputTypes().getFirst();
    SessionOptions options = threads.session();
    try (Session session = Session.compile(model::graph, options, input.dims())) {
      float[] values = session.run(input.floats());
      remarks.add("compiled into a session");
      return Tensors.back(type, Tensor.of(values, session.outputShape()));
    }
  }

  /** How it was computed. */
  List<String> remarks() {
    return List.copyOf(remarks);
  }
}
