package dev.lanewise.nn.data;

import java.util.List;

/** A data set with as many images of the same classes as another, which shows them differently. */
public interface DerivedDataset extends Dataset {

  /** The other. */
  Dataset data();

  @Override
  default int size() {
    return data().size();
  }

  @Override
  default List<String> classes() {
    return data().classes();
  }

  @Override
  default int label(int index) {
    return data().label(index);
  }
}
