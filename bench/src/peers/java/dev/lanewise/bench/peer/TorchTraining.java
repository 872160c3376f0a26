package dev.lanewise.bench.peer;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Network;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * PyTorch's training step through the Deep Java Library: eager operations on plain NCHW, autograd,
 * and SGD in four in-place operations a parameter. The networks are written here once more, with
 * the state-dict names and starting values of ours.
 */
final class TorchTraining implements Peer.Prepared {

  private static final float EPSILON = 1e-5f;
  private static final float BATCH_MOMENTUM = 0.1f;

  private final NDManager manager = NDManager.newBaseManager();
  private final Map<String, NDArray> state = new LinkedHashMap<>();
  private final Map<String, NDArray> velocities = new LinkedHashMap<>();
  private final SoftmaxCrossEntropyLoss loss = new SoftmaxCrossEntropyLoss();
  private final NDArray images;
  private final NDArray labels;
  private final Forward forward;
  private final Losses losses = new Losses();

  private interface Forward {
    NDArray of(NDArray images);
  }

  TorchTraining(TrainingStep step) {
    forward =
        switch (step.model()) {
          case "lenet5" -> this::lenet5;
          case "resnet18" -> this::resnet18;
          case "resnet20" -> this::resnet20;
          case "mobilenet_v2" -> this::mobilenetV2;
          default ->
              throw new IllegalArgumentException("no PyTorch form of %s".formatted(step.model()));
        };
    Network network = step.network();
    network.state().forEach((name, tensor) -> state.put(name, array(tensor)));
    for (String name : network.parameters().keySet()) {
      state.get(name).setRequiresGradient(true);
      velocities.put(name, state.get(name).zerosLike());
    }
    images = array(Tensor.of(step.images(), network.batchShape(step.batch())));
    labels = manager.create(step.labels());
    losses.warmUp(this);
  }

  private NDArray array(Tensor tensor) {
    return manager.create(
        tensor.values(), new Shape(Arrays.stream(tensor.shape()).asLongStream().toArray()));
  }

  @Override
  public void run() {
    try (NDManager step = manager.newSubManager()) {
      float value;
      try (GradientCollector recording = Engine.getInstance().newGradientCollector()) {
        NDArray input = images.duplicate();
        input.attach(step);
        NDArray mean = loss.evaluate(new NDList(labels), new NDList(forward.of(input)));
        recording.backward(mean);
        value = mean.getFloat();
      }
      update();
      losses.add(value);
    }
  }

  private void update() {
    velocities.forEach(
        (name, velocity) -> {
          NDArray parameter = state.get(name);
          try (NDArray gradient = parameter.getGradient()) {
            velocity.muli(TrainingStep.MOMENTUM).addi(gradient);
            try (NDArray change = velocity.mul(TrainingStep.RATE)) {
              parameter.subi(change);
            }
          }
          JniUtils.zeroGrad((PtNDArray) parameter);
        });
  }

  private NDArray conv(NDArray x, String name, int stride, int padding, int groups) {
    return Conv2d.conv2d(
            x,
            state.get(name + ".weight"),
            state.get(name + ".bias"),
            new Shape(stride, stride),
            new Shape(padding, padding),
            new Shape(1, 1),
            groups)
        .singletonOrThrow();
  }

  private NDArray norm(NDArray x, String name) {
    return BatchNorm.batchNorm(
            x,
            state.get(name + ".running_mean"),
            state.get(name + ".running_var"),
            state.get(name + ".weight"),
            state.get(name + ".bias"),
            1,
            BATCH_MOMENTUM,
            EPSILON,
            true)
        .singletonOrThrow();
  }

  private NDArray dense(NDArray x, String name) {
    return Linear.linear(x, state.get(name + ".weight"), state.get(name + ".bias"))
        .singletonOrThrow();
  }

  private static NDArray flat(NDArray x) {
    return x.reshape(x.getShape().get(0), -1);
  }

  private static NDArray mean(NDArray x) {
    return flat(JniUtils.adaptiveAvgPool((PtNDArray) x, new Shape(1, 1)));
  }

  private NDArray lenet5(NDArray images) {
    NDArray x = halved(conv(images, "conv1", 1, 0, 1).tanh());
    x = halved(conv(x, "conv2", 1, 0, 1).tanh());
    x = flat(conv(x, "conv3", 1, 0, 1).tanh());
    return dense(dense(x, "fc1").tanh(), "fc2");
  }

  private static NDArray halved(NDArray x) {
    Shape two = new Shape(2, 2);
    return Pool.avgPool2d(x, two, two, new Shape(0, 0), false, true);
  }

  private NDArray resnet18(NDArray images) {
    NDArray x = Activation.relu(norm(conv(images, "conv1", 2, 3, 1), "bn1"));
    x = Pool.maxPool2d(x, new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), false);
    for (int stage = 1; stage <= 4; stage++) {
      for (int i = 0; i < 2; i++) {
        String name = "layer%d.%d.".formatted(stage, i);
        boolean halves = stage > 1 && i == 0;
        NDArray shortcut =
            halves ? norm(conv(x, name + "downsample.0", 2, 0, 1), name + "downsample.1") : x;
        x = basicBlock(x, name, halves ? 2 : 1, shortcut);
      }
    }
    return dense(mean(x), "fc");
  }

  private NDArray resnet20(NDArray images) {
    NDArray x = Activation.relu(norm(conv(images, "conv1", 1, 1, 1), "bn1"));
    for (int stage = 1; stage <= 3; stage++) {
      for (int i = 0; i < 3; i++) {
        boolean halves = stage > 1 && i == 0;
        NDArray shortcut = x;
        if (halves) {
          NDArray half = x.get(":, :, ::2, ::2");
          shortcut = half.concat(half.zerosLike(), 1);
        }
        x = basicBlock(x, "layer%d.%d.".formatted(stage, i), halves ? 2 : 1, shortcut);
      }
    }
    return dense(mean(x), "fc");
  }

  private NDArray basicBlock(NDArray x, String name, int stride, NDArray shortcut) {
    NDArray y = conv(x, name + "conv1", stride, 1, 1);
    y = Activation.relu(norm(y, name + "bn1"));
    y = norm(conv(y, name + "conv2", 1, 1, 1), name + "bn2");
    return Activation.relu(y.add(shortcut));
  }

  private NDArray mobilenetV2(NDArray images) {
    int[][] table = {
      {1, 16, 1, 1},
      {6, 24, 2, 2},
      {6, 32, 3, 2},
      {6, 64, 4, 2},
      {6, 96, 3, 1},
      {6, 160, 3, 2},
      {6, 320, 1, 1}
    };
    NDArray x = convNorm(images, "features.0", 2, 1, 1);
    int in = 32;
    int index = 1;
    for (int[] line : table) {
      for (int i = 0; i < line[2]; i++) {
        String name = "features.%d.conv.".formatted(index++);
        int stride = i == 0 ? line[3] : 1;
        NDArray y = x;
        int part = 0;
        if (line[0] > 1) {
          y = convNorm(y, name + part++, 1, 0, 1);
        }
        y = convNorm(y, name + part++, stride, 1, in * line[0]);
        y = norm(conv(y, name + part, 1, 0, 1), name + (part + 1));
        x = stride == 1 && in == line[1] ? x.add(y) : y;
        in = line[1];
      }
    }
    x = convNorm(x, "features." + index, 1, 0, 1);
    return dense(mean(x), "classifier.1");
  }

  private NDArray convNorm(NDArray x, String name, int stride, int padding, int groups) {
    return norm(conv(x, name + ".0", stride, padding, groups), name + ".1").clip(0, 6);
  }

  @Override
  public float[] result() {
    return losses.first();
  }

  @Override
  public String algorithm() {
    return "autograd";
  }

  @Override
  public void close() {
    manager.close();
  }
}
