package dev.lanewise.nn.session;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.graph.Value;
import java.util.List;

/** An operator that runs as it stands, on copies of its inputs; it allocates tensors. */
record OtherStep(Operator operator, List<Value> inputs, Value output, Workers workers)
    implements Step {

  @Override
  public Runnable bind(Memory memory) {
    Context context = Context.inference(workers);
    List<Tensor> tensors = inputs.stream().map(value -> Tensor.zeros(value.shape())).toList();
    List<Planar> sources =
        inputs.stream().map(value -> new Planar(value, memory.of(value), workers)).toList();
    Planar target = new Planar(output, memory.of(output), workers);
    return () -> {
      for (int i = 0; i < tensors.size(); i++) {
        sources.get(i).read(tensors.get(i).data());
        tensors.get(i).changed();
      }
      target.write(operator.apply(tensors, context).values());
      context.recycle();
    };
  }

  @Override
  public String algorithm() {
    return operator instanceof Operator.Other(String type, _)
        ? type
        : operator.getClass().getSimpleName();
  }
}
