package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoaderTest {

  private static final Augmentation VARIED =
      Augmentation.parse("flip,shift:1,rotate:20,jitter:0.2:0.2:0.2:0.1,erase:0.5,mixup:0.4");

  /** Image i is full of i + 0.5, its class is i modulo 3. */
  private record Numbers(int size) implements Dataset {
    @Override
    public List<String> classes() {
      return List.of("a", "b", "c");
    }

    @Override
    public int label(int index) {
      return index % 3;
    }

    @Override
    public void read(int index, Image image) throws IOException {
      if (index == 13) {
        throw new IOException("image 13 is bad luck");
      }
      Arrays.fill(image.resize(1, 4, index == 12 ? 5 : 4), 0, image.size(), index + 0.5f);
    }
  }

  private static List<float[]> inputs(Loader loader, int epoch, int first) throws IOException {
    List<float[]> inputs = new ArrayList<>();
    try (BatchQueue batches = loader.epoch(epoch, first)) {
      while (batches.hasNext()) {
        inputs.add(batches.next().input().values());
      }
    }
    return inputs;
  }

  private static List<Integer> order(Loader loader, int epoch) throws IOException {
    return inputs(loader, epoch, 0).stream()
        .flatMap(input -> IntStream.range(0, input.length / 16).mapToObj(i -> (int) input[16 * i]))
        .toList();
  }

  @Test
  void everyEpochHasEachImageOnceInAnotherOrder() throws IOException {
    Loader loader = Loader.training(new Numbers(10), 4, Augmentation.NONE, 5, 1);
    assertEquals(3, loader.steps());
    List<Integer> first = order(loader, 1);
    assertEquals(IntStream.range(0, 10).boxed().toList(), first.stream().sorted().toList());
    assertEquals(first, order(loader, 1));
    assertNotEquals(first, order(loader, 2));
    assertNotEquals(first, order(Loader.training(new Numbers(10), 4, Augmentation.NONE, 6, 1), 1));
    assertEquals(
        IntStream.range(0, 10).boxed().toList(),
        order(Loader.evaluation(new Numbers(10), 3, 2), 1));
  }

  @Test
  void batchesHaveTheSameBitsForAnyNumberOfThreadsAndFromAnyStart() throws IOException {
    Numbers data = new Numbers(12);
    List<float[]> plain = inputs(Loader.training(data, 5, VARIED, 7, 0), 3, 0);
    for (int threads = 1; threads <= 4; threads++) {
      List<float[]> same = inputs(Loader.training(data, 5, VARIED, 7, threads), 3, 0);
      assertTrue(Arrays.deepEquals(plain.toArray(), same.toArray()), threads + " threads");
    }
    List<float[]> late = inputs(Loader.training(data, 5, VARIED, 7, 2), 3, 1);
    assertTrue(Arrays.deepEquals(plain.subList(1, 3).toArray(), late.toArray()));
    List<float[]> next = inputs(Loader.training(data, 5, VARIED, 7, 2), 4, 0);
    assertFalse(Arrays.equals(plain.getFirst(), next.getFirst()));
  }

  @Test
  void labelsFollowTheirImages() throws IOException {
    try (BatchQueue batches =
        Loader.training(new Numbers(9), 9, Augmentation.NONE, 1, 1).epoch(0)) {
      Batch batch = batches.next();
      float[] values = batch.input().values();
      int[] expected = IntStream.range(0, 9).map(i -> (int) values[16 * i] % 3).toArray();
      assertArrayEquals(expected, batch.labels().first());
    }
  }

  @Test
  void aBatchIsWholeUntilTheNextIsTaken() throws IOException {
    Loader loader = Loader.evaluation(new Numbers(12), 1, 3);
    try (BatchQueue batches = loader.epoch(0)) {
      for (int i = 0; batches.hasNext(); i++) {
        Batch batch = batches.next();
        float[] before = batch.input().values();
        Thread.onSpinWait();
        assertEquals(i + 0.5f, before[0]);
        assertArrayEquals(before, batch.input().data());
      }
      assertThrows(IllegalStateException.class, batches::next);
    }
  }

  @Test
  void aFailedImageFailsTheBatchOnTheCallersThread() {
    for (int threads = 0; threads <= 2; threads++) {
      Loader loader = Loader.evaluation(new Subset(new Numbers(20), List.of(1, 13, 2)), 1, threads);
      String message = assertThrows(IOException.class, () -> inputs(loader, 0, 0)).getMessage();
      assertEquals("image 13 is bad luck", message);
    }
  }

  @Test
  void refusesImagesOfDifferentSizesInABatch() {
    Loader loader = Loader.evaluation(new Numbers(13), 13, 1);
    String message =
        assertThrows(IllegalArgumentException.class, () -> inputs(loader, 0, 0)).getMessage();
    assertTrue(message.startsWith("image 12 is [1, 4, 5], the first of its batch [1, 4, 4]"));
  }

  @Test
  void closingEarlyEndsTheThreads() {
    Loader loader = Loader.evaluation(new Numbers(12), 1, 2);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          BatchQueue batches = loader.epoch(0);
          batches.next();
          batches.close();
          batches.close();
        });
  }

  @Test
  void subsetsAreBalancedAndRepeatable() {
    Subset subset = Subset.balanced(new Numbers(12), 7, 3);
    int[] counts = new int[3];
    IntStream.range(0, 7).forEach(i -> counts[subset.label(i)]++);
    assertArrayEquals(new int[] {3, 2, 2}, counts);
    assertThrows(IllegalArgumentException.class, () -> Subset.balanced(new Numbers(3), 4, 1));
    assertThrows(IllegalArgumentException.class, () -> new Subset(new Numbers(3), List.of(0, 3)));
  }

  @Test
  void refusesNumbersThatMakeNoSense() {
    Numbers some = new Numbers(3);
    assertThrows(IllegalArgumentException.class, () -> Loader.evaluation(some, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> Loader.evaluation(some, 1, -1));
    assertThrows(IllegalArgumentException.class, () -> Loader.evaluation(new Numbers(0), 1, 1));
    assertThrows(IllegalArgumentException.class, () -> Loader.evaluation(some, 1, 1).epoch(0, 4));
  }
}
