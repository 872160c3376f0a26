package dev.lanewise.verify.operation;

import static dev.lanewise.verify.operation.OperationCase.kinked;
import static dev.lanewise.verify.operation.OperationCase.smooth;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.kernels.transposed.TransposedShape;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.ChannelScale;
import dev.lanewise.nn.op.Convolution;
import dev.lanewise.nn.op.Dropout;
import dev.lanewise.nn.op.LocalResponse;
import dev.lanewise.nn.op.Normalization;
import dev.lanewise.nn.op.Pooling;
import dev.lanewise.nn.op.PyramidPool;
import dev.lanewise.nn.op.SpectralPool;
import dev.lanewise.nn.op.TransposedConvolution;
import dev.lanewise.nn.op.Unpooling;
import dev.lanewise.nn.op.Upsample;
import dev.lanewise.verify.operation.OperationCase.Input;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cases of the operations that networks are made of. */
final class NetworkCases {

  private static final Input LINE = Input.of(2, 3, 8);

  private NetworkCases() {}

  static List<OperationCase> all() {
    List<OperationCase> cases = new ArrayList<>();
    convolutions().forEach(shape -> convolution(cases, shape));
    transposed().forEach(shape -> transposed(cases, shape));
    norms(cases);
    poolings(cases);
    otherPoolings(cases);
    others(cases);
    return cases;
  }

  private static Input input(int... dims) {
    return Input.of(Arrays.stream(dims).boxed().toArray(Integer[]::new));
  }

  private static List<ConvShape> convolutions() {
    return List.of(
        ConvShape.conv1d(2, 3, 7, 4, 3).padding(1),
        ConvShape.conv2d(2, 1, 6, 5, 3, 3, 3).padding(1),
        ConvShape.conv2d(2, 3, 5, 4, 2, 3, 2),
        ConvShape.conv2d(1, 17, 3, 4, 18, 2, 2),
        ConvShape.conv2d(1, 2, 6, 7, 3, 3, 3).stride(2).padding(1),
        ConvShape.conv2d(1, 2, 7, 7, 2, 3, 3).dilation(2).padding(1),
        ConvShape.conv2d(2, 16, 8, 8, 16, 3, 3).padding(1),
        ConvShape.conv2d(2, 5, 3, 3, 20, 1, 1),
        ConvShape.conv2d(2, 8, 5, 5, 8, 3, 3).groups(2).padding(1),
        ConvShape.conv2d(2, 6, 5, 5, 6, 3, 3).groups(6).padding(1),
        ConvShape.conv2d(1, 6, 5, 5, 12, 3, 3).groups(6).stride(2).padding(1),
        ConvShape.conv2d(1, 2, 4, 5, 3, 3, 3).padding(1).padding(PaddingMode.REFLECT),
        ConvShape.conv2d(1, 2, 4, 5, 3, 3, 3).padding(1).padding(PaddingMode.CIRCULAR),
        ConvShape.conv3d(1, 2, 3, 4, 4, 3, 2));
  }

  private static void convolution(List<OperationCase> cases, ConvShape shape) {
    Input weight = input(shape.filterDims());
    Input bias = input(shape.outChannels());
    OperationCase.Forward withBias =
        (in, c) -> Convolution.apply(in.get(0), in.get(1), in.get(2), shape, c);
    OperationCase.Forward without = (in, c) -> Convolution.apply(in.get(0), in.get(1), shape, c);
    String name = shape.toString();
    cases.add(smooth("convolutions", name, withBias, input(shape.inputDims()), weight, bias));
    cases.add(smooth("convolutions", name, without, input(shape.inputDims()).blocked(), weight));
    Tensor constant = Tensor.zeros(shape.inputDims());
    Arrays.setAll(new Object[constant.size()], i -> constant.data()[i] = (i * 7 % 11) - 5f);
    cases.add(
        smooth(
            "convolutions",
            name + " of constants",
            (in, c) -> Convolution.apply(constant, in.get(0), in.get(1), shape, c),
            weight,
            bias));
  }

  private static List<TransposedShape> transposed() {
    return List.of(
        TransposedShape.transposed2d(2, 3, 4, 3, 5, 3, 3).stride(2).padding(1).outputPadding(1),
        TransposedShape.transposed2d(1, 17, 3, 3, 2, 2, 2).stride(2),
        TransposedShape.transposed2d(1, 4, 3, 3, 6, 3, 3).groups(2),
        TransposedShape.transposed1d(2, 3, 4, 2, 3).padding(1));
  }

  private static void transposed(List<OperationCase> cases, TransposedShape shape) {
    cases.add(
        smooth(
            "transposed convolutions",
            shape.toString(),
            (in, c) -> TransposedConvolution.apply(in.get(0), in.get(1), in.get(2), shape, c),
            input(shape.inputDims()).blocked(),
            input(shape.filterDims()),
            input(shape.outChannels())));
    cases.add(
        smooth(
            "transposed convolutions",
            shape + " without bias",
            (in, c) -> TransposedConvolution.apply(in.get(0), in.get(1), null, shape, c),
            input(shape.inputDims()),
            input(shape.filterDims())));
  }

  private static void norms(List<OperationCase> cases) {
    for (Activation activation :
        List.of(Activation.IDENTITY, Activation.TANH, Activation.SILU, Activation.SIGMOID)) {
      for (boolean residual : new boolean[] {false, true}) {
        norm(cases, "batch", activation, residual, Input.of(3, 18, 3, 2).blocked());
        norm(cases, "group", activation, residual, Input.of(2, 20, 3, 2).blocked());
      }
    }
    norm(cases, "batch", Activation.TANH, true, Input.of(5, 6));
    norm(cases, "frozen", Activation.TANH, true, Input.of(3, 18, 3, 2));
    norm(cases, "instance", Activation.TANH, false, Input.of(2, 5, 3, 3));
    norm(cases, "layer", Activation.TANH, false, Input.of(2, 5, 3, 3));
    norm(cases, "layer", Activation.TANH, false, Input.of(4, 20));
    cases.add(
        smooth(
            "norms",
            "of ones and zeros",
            (in, c) ->
                Normalization.instance(
                    in.getFirst(),
                    new Normalization.Affine(null, null, 1e-2f),
                    Normalization.Epilogue.NONE,
                    c),
            Input.of(2, 5, 3, 3)));
    cases.add(
        smooth(
            "norms",
            "plus its own input",
            (in, c) ->
                Normalization.group(
                    in.getFirst(),
                    1,
                    new Normalization.Affine(null, null, 1e-2f),
                    new Normalization.Epilogue(in.getFirst(), Activation.SILU),
                    c),
            Input.of(2, 5, 3, 3).blocked()));
  }

  private static void norm(
      List<OperationCase> cases,
      String kind,
      Activation activation,
      boolean residual,
      Input input) {
    int channels = input.dims().get(1);
    List<Input> inputs = new ArrayList<>(List.of(input, input(channels), input(channels)));
    if (residual) {
      inputs.add(input);
    }
    OperationCase.Forward forward =
        (in, c) -> {
          var affine = new Normalization.Affine(in.get(1), in.get(2), 1e-2f);
          var epilogue = new Normalization.Epilogue(residual ? in.get(3) : null, activation);
          return switch (kind) {
            case "batch" -> Normalization.batch(in.get(0), affine, running(channels), epilogue, c);
            case "frozen" ->
                Normalization.frozenBatch(in.get(0), affine, running(channels), epilogue, c);
            case "group" -> Normalization.group(in.get(0), 4, affine, epilogue, c);
            case "instance" -> Normalization.instance(in.get(0), affine, epilogue, c);
            default -> Normalization.layer(in.get(0), affine, epilogue, c);
          };
        };
    String name = kind + " norm, " + activation + (residual ? " of a residual sum" : "");
    cases.add(new OperationCase("norms", name, true, inputs, forward));
  }

  private static Normalization.Running running(int channels) {
    float[] variance = new float[channels];
    Arrays.fill(variance, 0.7f);
    return new Normalization.Running(Tensor.zeros(channels), Tensor.of(variance, channels), 0.1f);
  }

  private static void poolings(List<OperationCase> cases) {
    PoolShape side = PoolShape.pool2d(2, 3, 4, 6, 2, 2).stride(2);
    PoolShape over = PoolShape.pool2d(1, 17, 6, 5, 3, 3).stride(2).padding(1).ceilMode(true);
    PoolShape line = new PoolShape(2, 3, ConvShape.conv1d(2, 3, 7, 3, 3).axes(), false);
    for (PoolShape shape : List.of(side, over, line, PoolShape.global(2, 3, 3, 3))) {
      for (Pooling.Kind kind :
          List.of(
              Pooling.Kind.MAX,
              Pooling.Kind.MIN,
              Pooling.Kind.AVERAGE,
              Pooling.Kind.AVERAGE_WITHOUT_PADDING,
              new Pooling.Kind.Lp(2),
              new Pooling.Kind.Mixed(0.3f, false))) {
        cases.add(
            kinked(
                "poolings",
                kind.toString(),
                (in, c) -> Pooling.apply(in.getFirst(), shape, kind, c),
                input(shape.inputDims()).blocked()));
      }
    }
    Input uneven = Input.of(2, 17, 5, 7);
    cases.add(
        smooth(
            "poolings",
            "adaptive mean",
            (in, c) -> Pooling.adaptiveAverage(in.getFirst(), c, 2, 3),
            uneven));
    cases.add(
        kinked(
            "poolings",
            "adaptive maximum",
            (in, c) -> Pooling.adaptiveMax(in.getFirst(), c, 3, 3),
            uneven.blocked()));
  }

  private static void otherPoolings(List<OperationCase> cases) {
    Input images = Input.of(2, 17, 6, 7);
    cases.add(
        smooth(
            "poolings",
            "spectral",
            (in, c) -> SpectralPool.apply(in.getFirst(), c, 4, 3),
            images.blocked()));
    cases.add(
        smooth(
            "poolings", "spectral line", (in, c) -> SpectralPool.apply(in.getFirst(), c, 5), LINE));
    cases.add(
        kinked(
            "poolings",
            "pyramid of maxima",
            (in, c) -> PyramidPool.apply(in.getFirst(), true, c, 1, 2, 4),
            images.blocked()));
    cases.add(
        smooth(
            "poolings",
            "pyramid of means",
            (in, c) -> PyramidPool.apply(in.getFirst(), false, c, 2, 3),
            images));
    PoolShape side = PoolShape.pool2d(2, 17, 6, 7, 2, 3).stride(2, 3);
    cases.add(
        kinked(
            "poolings",
            "maxima put back",
            (in, c) -> {
              Pooling.Maxima maxima = Pooling.maxima(in.getFirst(), side, c);
              return Unpooling.apply(maxima.values(), maxima.indices(), c, 6, 7);
            },
            images.blocked()));
  }

  private static void others(List<OperationCase> cases) {
    Input images = Input.of(2, 18, 3, 4);
    for (Upsample.Mode mode : Upsample.Mode.values()) {
      cases.add(
          smooth(
              "upsampling",
              mode + " larger",
              (in, c) -> Upsample.apply(in.getFirst(), 7, 8, mode, c),
              images.blocked()));
      cases.add(
          smooth(
              "upsampling",
              mode + " smaller",
              (in, c) -> Upsample.apply(in.getFirst(), 2, 1, mode, c),
              images));
    }
    for (Dropout.Unit unit : Dropout.Unit.values()) {
      cases.add(
          smooth(
              "dropout",
              unit.toString(),
              (in, c) -> Dropout.apply(in.getFirst(), 0.4f, unit, c),
              images));
      cases.add(
          smooth(
              "dropout",
              unit.toString(),
              (in, c) -> Dropout.apply(in.getFirst(), 0.4f, unit, c),
              images.blocked()));
    }
    OperationCase.Forward scale = (in, c) -> ChannelScale.apply(in.get(0), in.get(1), c);
    cases.add(smooth("channel scales", "squeezed", scale, images, Input.of(2, 18)));
    cases.add(
        smooth(
            "channel scales", "pixels", scale, images.blocked(), Input.of(2, 18, 1, 1).blocked()));
    cases.add(
        smooth(
            "local response",
            "five channels",
            (in, c) ->
                LocalResponse.apply(in.getFirst(), new LocalResponse.Window(5, 0.5f, 0.75f, 2), c),
            images));
  }
}
