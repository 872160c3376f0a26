package dev.lanewise.nn.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import org.junit.jupiter.api.Test;

class ElementwiseTest {

  @Test
  void paddingLanesStayZeroWhereTheFunctionOfZeroIsNotZero() {
    Tensor x = Tensor.zeros(2, 18, 3, 1).to(Layout.NCHW16C);
    Tensor y = Elementwise.apply(x, new Activation.Sigmoid(), Context.inference(Workers.shared()));
    float sum = 0;
    for (float value : y.data()) {
      sum += value;
    }
    assertEquals(0.5f * 2 * 18 * 3, sum);
  }
}
