package dev.lanewise.nn.insight;

import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.DerivedDataset;
import dev.lanewise.nn.data.Image;
import java.io.IOException;

/**
 * A data set whose images are left as they are: pixels from 0 to 1.
 *
 * @param data the set
 */
record Pixels(Dataset data) implements DerivedDataset {

  @Override
  public void read(int index, Image image) throws IOException {
    data.read(index, image);
  }
}
