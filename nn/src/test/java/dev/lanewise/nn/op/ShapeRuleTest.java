package dev.lanewise.nn.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Flatten;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShapeRuleTest {

  private final Workers workers = Workers.of(1);
  private final Context context = Context.inference(workers);

  @AfterEach
  void close() {
    workers.close();
  }

  @Test
  void operandsThatDoNotFitAreRefusedWithTheirShapes() {
    Tensor image = Tensor.zeros(1, 3, 4, 6);
    ConvShape conv = ConvShape.conv2d(1, 3, 6, 4, 2, 3, 3);
    PoolShape pool = PoolShape.pool2d(1, 3, 6, 4, 2, 2);
    Tensor weight = Tensor.zeros(2, 3, 3, 3);
    refused(
        "convolution input must have shape [1, 3, 6, 4], has [1, 3, 4, 6]",
        () -> Convolution.apply(image, weight, Tensor.zeros(2), conv, context));
    refused(
        "pooling input must have shape [1, 3, 6, 4], has [1, 3, 4, 6]",
        () -> Pooling.apply(image, pool, Pooling.Kind.MAX, context));
    refused(
        "dense needs input [n, in], weight [out, in] and bias [out], got Tensor[2, 5] NCHW,"
            + " Tensor[3, 4] NCHW and Tensor[3] NCHW",
        () -> Dense.apply(Tensor.zeros(2, 5), Tensor.zeros(3, 4), Tensor.zeros(3), context));
    IllegalArgumentException vast =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Flatten().outputShape(1, 1 << 16, 1 << 8, 1 << 8));
    assertTrue(vast.getMessage().contains("65536 x 256 x 256"), vast::getMessage);
  }

  private static void refused(String message, Runnable step) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, step::run).getMessage());
  }
}
